// pnpm test:differential --seeds host:port [--cases N] [--seed N]: random operations on the dev server and on a real one, side by side.
import { CommandLineMistake, numberOf, readOrExit, readWords } from '../build/command-line.js'
import { install } from './setup.mjs'
import { runStages } from './stages.mjs'
import { vitest } from './vitest.mjs'

const USAGE = `usage: npm run test:differential -- --seeds host:port [options]

  --seeds host:port   the real server; AERO_LIVE_SEEDS unless given
  --cases 10000       random sequences
  --seed N            repeats the chance of another run
  --help              this text`

const values = readOrExit('differential', USAGE, () => {
  const { values } = readWords(process.argv.slice(2), {
    seeds: { type: 'string', default: process.env.AERO_LIVE_SEEDS },
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  })
  if (values.help) return values
  if (!values.seeds) throw new CommandLineMistake('--seeds is missing: the real server to compare with')
  numberOf('--cases', values.cases, { least: 1 })
  if (values.seed !== undefined) numberOf('--seed', values.seed)
  return values
})
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}
await runStages([
  { name: 'install', needed: true, run: install },
  {
    name: `${values.cases} random sequences beside ${values.seeds}`,
    run: () =>
      vitest(['packages/devserver/test/differential.test.ts'], {
        AERO_DIFFERENTIAL_SEEDS: values.seeds,
        AERO_DIFFERENTIAL_CASES: values.cases,
        ...(values.seed === undefined ? {} : { AERO_SEED: values.seed }),
      }),
  },
])
