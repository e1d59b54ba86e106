// Checks what a page says of its proofs. In a table whose last column is headed `proven by`, every row names tests, as
//
//   [config/host](../../packages/config/src/host.test.ts) “reads %s”, “refuses %j”
//
// that is: a link to a file of tests, and the beginnings of titles in it. Each pair of file and title is one check.
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { globSync } from './glob.mjs'

const HEAD = /^\|.*\| proven by \|$/
const PROOF = /\[[^\]]+\]\(([^)\s]+\.test\.ts)\)((?:,? “[^”]+”)+)/g

/** Every check: `{ page, line, problem }`, where the problem is `undefined` when all is well. */
export function checkEvidence(root) {
  return globSync(root, 'docs', /\.md$/).flatMap((page) => {
    const lines = readFileSync(join(root, page), 'utf8').split('\n')
    let isTable = false
    return lines.flatMap((text, index) => {
      if (HEAD.test(text)) isTable = true
      else if (!text.startsWith('|')) isTable = false
      else if (isTable && !/^\|(?:---\|)+$/.test(text)) {
        return proofsOf(root, page, text).map((problem) => ({ page, line: index + 1, problem }))
      }
      return []
    })
  })
}

/** What is wrong with each proof of a row. */
function proofsOf(root, page, row) {
  const cell = row.slice(row.slice(0, -1).lastIndexOf('| ') + 2, -1)
  const links = [...cell.matchAll(PROOF)]
  if (links.length === 0 || cell.replaceAll(PROOF, '').replaceAll(/[;\s]/g, '') !== '') {
    return [`is no list of tests: ${cell.trim()}`]
  }
  return links.flatMap(([, path, titles]) => {
    const file = normalize(join(dirname(page), path))
    const source = sourceOf(join(root, file))
    return [...titles.matchAll(/“([^”]+)”/g)].map(([, title]) => {
      if (source === undefined) return `there is no ${file}`
      return hasTest(source, title) ? undefined : `${file} has no test that begins with “${title}”`
    })
  })
}

function sourceOf(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Whether a call has this title, or a title that begins so, as its first argument. */
function hasTest(source, title) {
  const literal = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll("'", "\\\\?'")
  return new RegExp(`\\(\\s*(['"\`])${literal}`).test(source)
}
