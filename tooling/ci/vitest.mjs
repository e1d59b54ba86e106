// A vitest run as a stage: its own report on the screen, its counts from the JSON report.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { environment, node } from './setup.mjs'

const skippedReporter = fileURLToPath(new URL('./skipped-reporter.mjs', import.meta.url))

/** Runs vitest with the given arguments and gives its counts. */
export async function vitest(args, extraEnvironment = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'aero-vitest-'))
  const file = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--reporter=${skippedReporter}`]
    const { code } = await node('vitest', ['run', ...reporters, `--outputFile.json=${file}`, ...args], {
      env: { ...environment, ...extraEnvironment },
    })
    return counts(JSON.parse(readFileSync(file, 'utf8')), code)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function counts(report, code) {
  const passed = report.numPassedTests
  // A file that does not load has no tests to fail.
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !hasFailedTest(file),
  ).length
  let failed = report.numFailedTests + brokenFiles
  if (code !== 0 && failed === 0) failed = 1
  const skipped = report.numPendingTests + report.numTodoTests
  return { passed, failed, note: skipped === 0 ? undefined : `${skipped} skipped` }
}

function hasFailedTest(file) {
  return file.assertionResults.some((test) => test.status === 'failed')
}
