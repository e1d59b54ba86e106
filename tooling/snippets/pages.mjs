// Finds the code in the documentation: ```ts blocks of the pages, and those in the doc comments of the sources.
//
//   ```ts            is type-checked and run
//   ```ts no-run     is type-checked
//   ```ts no-check   is left alone
//
// A block that imports something starts anew; one that imports nothing goes on from the blocks before it on the page
// (`ts continued` goes on even though it imports). So a page can tell a story without repeating itself.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { globSync } from './glob.mjs'

/** Every block: `{ page, line, code, flags, comment }`; `comment` says that it stands in a source file. */
export function findBlocks(root) {
  const pages = [
    ...globSync(root, '.', /^README\.md$/),
    ...globSync(root, 'docs/guides', /\.md$/),
    ...globSync(root, 'packages', /^packages\/[^/]+\/README\.md$/),
  ]
  const sources = globSync(root, 'packages', /^packages\/[^/]+\/src\/.*(?<!\.test|\.d)\.ts$/)
  return [
    ...pages.flatMap((page) => blocksOf(page, readFileSync(join(root, page), 'utf8').split('\n'), false)),
    ...sources.flatMap((page) => blocksOf(page, commentLines(readFileSync(join(root, page), 'utf8')), true)),
  ]
}

function blocksOf(page, lines, comment) {
  const blocks = []
  let open
  lines.forEach((text, index) => {
    const fence = /^(\s*)```(.*)$/.exec(text ?? '')
    if (text === undefined) open = undefined
    else if (!fence) open?.code.push(text.slice(open.indent))
    else if (open) {
      if (open.language === 'ts' || open.language === 'typescript') blocks.push(block(page, open, comment))
      open = undefined
    } else {
      const [language, ...flags] = fence[2].trim().split(/\s+/)
      open = { language, flags, indent: fence[1].length, line: index + 2, code: [] }
    }
  })
  return blocks
}

function block(page, { line, code, flags }, comment) {
  return { page, line, code: code.join('\n'), flags: new Set(flags), comment }
}

/** The lines of a source file with everything but the text of doc comments taken out (`undefined`). */
function commentLines(text) {
  let inside = false
  return text.split('\n').map((line) => {
    if (/^\s*\/\*\*/.test(line) && !line.includes('*/')) {
      inside = true
      return undefined
    }
    if (line.includes('*/')) inside = false
    return inside ? line.replace(/^\s*\* ?/, '') : undefined
  })
}
