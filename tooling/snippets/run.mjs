// Type-checks and runs the code in the documentation. Every block is a check of its types; every program made of blocks is a
// check of its run, against a dev server of three nodes in this process. Tests that a page names as its proofs have to exist.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { checkEvidence } from './evidence.mjs'
import { findBlocks } from './pages.mjs'
import { groupsOf, programOf } from './programs.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))
const folder = join(here, '.cache', 'programs')
const counts = { passed: 0, failed: 0 }

checkProofs()
const { startDevServer } = await import('@aero/devserver')
const server = await startDevServer({ nodes: 3 })
try {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const [seed] = String(server.seeds).split(',')
  const port = Number(seed.slice(seed.lastIndexOf(':') + 1))
  const programs = groupsOf(findBlocks(root)).map((group, index) => write(group, index, port))
  checkTypes(programs)
  await runAll(programs.filter(({ runnable }) => runnable))
} finally {
  await server.close()
}
console.log(`snippets: ${counts.passed} passed, ${counts.failed} failed`)
process.exitCode = counts.failed === 0 ? 0 : 1

function write(group, index, port) {
  const [first] = group
  const name = `${String(index).padStart(3, '0')}-${first.page.replace(/\W+/g, '-').toLowerCase()}`
  const place = `${first.page}:${first.line}`
  const checked = programOf(group, { root, folder, port })
  writeFileSync(join(folder, `${name}.ts`), checked.text)
  const running = group.filter((block) => !block.flags.has('no-run'))
  const runnable = running.length > 0
  if (runnable) {
    const program = running.length === group.length ? name : `${name}-run`
    if (program !== name)
      writeFileSync(join(folder, `${program}.ts`), programOf(running, { root, folder, port }).text)
    const test = `import { test } from 'vitest'\n\ntest(${JSON.stringify(place)}, async () => {\n  await import('./${program}.ts')\n})\n`
    writeFileSync(join(folder, `${name}.test.ts`), test)
  }
  return { group, file: join(folder, `${name}.ts`), place, runnable, ...checked }
}

function checkProofs() {
  for (const { page, line, problem } of checkEvidence(root)) {
    if (problem === undefined) counts.passed++
    else {
      counts.failed++
      console.log(`FAIL ${page}:${line} ${problem}`)
    }
  }
}

function checkTypes(programs) {
  const { config } = ts.readConfigFile(join(here, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, here)
  const program = ts.createProgram(
    programs.map(({ file }) => file),
    options,
  )
  for (const { group, file, origins } of programs) {
    const source = program.getSourceFile(file)
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    const broken = new Set()
    for (const each of found) {
      const line = source.getLineAndCharacterOfPosition(each.start ?? 0).line
      const origin = origins[line] ?? { block: group[0], line: group[0].line }
      broken.add(origin.block)
      console.log(
        `FAIL ${origin.block.page}:${origin.line} ${ts.flattenDiagnosticMessageText(each.messageText, ' ')}`,
      )
    }
    counts.failed += broken.size
    counts.passed += group.length - broken.size
  }
}

async function runAll(programs) {
  if (programs.length === 0) return
  const report = join(folder, 'report.json')
  const vitest = join(here, 'node_modules', 'vitest', 'vitest.mjs')
  const args = ['run', '--root', here, '--silent', '--reporter=json', `--outputFile=${report}`]
  const code = await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [vitest, ...args], {
      cwd: here,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    child.on('error', reject)
    child.on('close', resolve)
  })
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
  let failed = 0
  for (const { assertionResults, message, name } of testResults) {
    if (assertionResults.length === 0) {
      failed++
      console.log(`FAIL ${name}: ${message}`)
    }
    for (const { status, title, failureMessages } of assertionResults) {
      if (status === 'passed') counts.passed++
      else {
        failed++
        console.log(
          `FAIL ${title} does not run: ${failureMessages.join('\n').split('\n').slice(0, 6).join('\n     ')}`,
        )
      }
    }
  }
  counts.failed += code !== 0 && failed === 0 ? 1 : failed
}
