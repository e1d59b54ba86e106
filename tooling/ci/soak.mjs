// pnpm soak: 64 commands in flight on five dev nodes, one of which goes, comes or moves every second, for AERO_SOAK_SECONDS (300). Words behind `--`
// go to packages/async/test/programs/soak.ts, which takes a real cluster too.
import { readOrExit, readWords } from '../build/command-line.js'
import { OPTIONS, USAGE } from '../build/soak-options.js'
import { install } from './setup.mjs'
import { runStages } from './stages.mjs'
import { vitest } from './vitest.mjs'

const { values } = readOrExit('soak', USAGE, () => readWords(process.argv.slice(2), OPTIONS))
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}
const seconds = process.env.AERO_SOAK_SECONDS || '300'
await runStages([
  { name: 'install', needed: true, run: install },
  {
    name: `a load under churn, ${seconds} s`,
    run: () =>
      vitest(['packages/async/test/integration/soak.faults.test.ts'], {
        AERO_SOAK_SECONDS: seconds,
        AERO_SOAK_WORDS: process.argv.slice(2).join(' '),
      }),
  },
])
