// Benches of built code. (vitest's own run the sources, where every imported name is looked up in a namespace at each use: for
// code of many constants that is several times slower than what users get.)

import { openSync, writeSync } from 'node:fs'

const ROUNDS = 9
const ROUND_MS = 60

/** Measures all, in turns so that none has the better hour, and prints of each the median time in nanoseconds per element. */
export function report(subjects, unit) {
  const times = subjects.map(() => [])
  for (let round = -1; round < ROUNDS; round++) {
    for (const [index, { elements = 1, run }] of subjects.entries()) {
      const begun = performance.now()
      let runs = 0
      let elapsed = 0
      do {
        run()
        runs++
        elapsed = performance.now() - begun
      } while (elapsed < ROUND_MS)
      // The first round warms up.
      if (round >= 0) times[index].push((elapsed * 1e6) / runs / elements)
    }
  }
  for (const [index, { name }] of subjects.entries()) {
    const median = times[index].sort((one, other) => one - other)[ROUNDS >> 1]
    console.log(`${name.padEnd(44)} ${median.toFixed(1).padStart(9)} ns per ${unit}`)
  }
}

/**
 * Asks the kernel to keep idle processors awake until this process ends: on virtual machines an idle one costs milliseconds to get back,
 * and every figure lies. Needs root on Linux; `false` where it cannot be had, and the report should say so.
 */
export function keepProcessorsAwake() {
  try {
    writeSync(openSync('/dev/cpu_dma_latency', 'r+'), new Uint8Array(4))
    return true
  } catch {
    return false
  }
}
