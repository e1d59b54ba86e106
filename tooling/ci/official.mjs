// pnpm test:official: the official client, installed on demand, against the dev server: TLS, logins, racks, alternate addresses.
import { readOrExit, readWords } from '../build/command-line.js'
import { install } from './setup.mjs'
import { runStages } from './stages.mjs'
import { vitest } from './vitest.mjs'

readOrExit('test:official', 'usage: npm run test:official', () => readWords(process.argv.slice(2), {}))
await runStages([
  { name: 'install', needed: true, run: install },
  {
    name: 'the official client on the dev server',
    run: () => vitest(['apps/benchmark/test/official.test.ts'], { AERO_OFFICIAL: '1' }),
  },
])
