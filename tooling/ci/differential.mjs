// pnpm test:differential --seeds host:port [--cases N] [--seed N]: random operations on the dev server and on a real one, side by side.
import { parseArgs } from 'node:util'
import { install } from './setup.mjs'
import { runStages } from './stages.mjs'
import { vitest } from './vitest.mjs'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: process.env.AERO_LIVE_SEEDS },
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string' },
  },
})
if (!values.seeds || !/^[1-9]\d*$/.test(values.cases)) {
  console.error(
    'Say which server, and how many sequences: pnpm test:differential --seeds host:port --cases 10000',
  )
  process.exit(1)
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
