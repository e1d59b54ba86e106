// Runs checks one after the other, shows how each went, and closes with one line that a reader and a script both understand.

/**
 * Runs `stages` (`[name, run]`) in order. A stage returns nothing (it counts as one check), or `{ passed, failed, note }`;
 * one that throws has failed. A stage marked `needed` stops the rest when it fails.
 */
export async function runStages(stages) {
  const all = { passed: 0, failed: 0 }
  const table = []
  for (const { name, run, needed = false } of stages) {
    console.log(`\n── ${name} ──`)
    const start = performance.now()
    const result = await outcome(run)
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    all.passed += result.passed
    all.failed += result.failed
    const counts = `${result.passed} passed, ${result.failed} failed`
    const line = `${result.failed === 0 ? 'ok  ' : 'FAIL'} ${name}: ${counts}${result.note ? `; ${result.note}` : ''} (${seconds} s)`
    console.log(line)
    table.push(line)
    if (needed && result.failed > 0) {
      console.log(`The rest needs ${name}: stopping here.`)
      break
    }
  }
  console.log(`\n${table.join('\n')}\n`)
  console.log(`${all.passed} passed, ${all.failed} failed`)
  process.exitCode = all.failed === 0 && all.passed > 0 ? 0 : 1
}

async function outcome(run) {
  try {
    const result = await run()
    return typeof result === 'object' ? result : { passed: 1, failed: 0, note: result }
  } catch (error) {
    return { passed: 0, failed: 1, note: error instanceof Error ? error.message : String(error) }
  }
}

/** A stage that passes when a command ends with 0. */
export async function expectSuccess(running) {
  const { code } = await running
  if (code !== 0) throw new Error(`exit code ${code}`)
}

/** The counts of the closing line (`N passed, N failed`) that a command printed; a bad exit code is at least one failure. */
export async function countsOf(running) {
  const { code, text } = await running
  const lines = [...text.matchAll(/^(?:\w+: )?(\d+) (?:steps )?passed, (\d+) failed$/gm)]
  const last = lines.at(-1)
  if (!last) throw new Error(`no closing line; exit code ${code}`)
  const passed = Number(last[1])
  const failed = Number(last[2])
  if (passed + failed === 0) throw new Error('nothing was done')
  return { passed, failed: code === 0 ? failed : Math.max(failed, 1) }
}
