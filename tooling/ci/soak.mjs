// pnpm soak: 64 commands in flight on five dev nodes, one of which goes, comes or moves every second, for AERO_SOAK_SECONDS (300).
import { install } from './setup.mjs'
import { runStages } from './stages.mjs'
import { vitest } from './vitest.mjs'

const seconds = process.env.AERO_SOAK_SECONDS || '300'
await runStages([
  { name: 'install', needed: true, run: install },
  {
    name: `a load under churn, ${seconds} s`,
    run: () =>
      vitest(['packages/async/test/integration/soak.faults.test.ts'], { AERO_SOAK_SECONDS: seconds }),
  },
])
