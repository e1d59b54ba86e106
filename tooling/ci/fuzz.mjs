// pnpm fuzz:long: the random tests, for as many rounds as AERO_FUZZ_ROUNDS says (a million unless told).
import { install } from './setup.mjs'
import { runStages } from './stages.mjs'
import { vitest } from './vitest.mjs'

const rounds = process.env.AERO_FUZZ_ROUNDS || '1000000'
await runStages([
  { name: 'install', needed: true, run: install },
  {
    name: `random tests, ${rounds} rounds`,
    run: () =>
      vitest(['fuzz.test', 'properties.test', '--testTimeout=0', ...process.argv.slice(2)], {
        AERO_FUZZ_ROUNDS: rounds,
      }),
  },
])
