// pnpm test:live: the integration suite, unchanged, on a real cluster.
import { install } from './setup.mjs'
import { runStages } from './stages.mjs'
import { vitest } from './vitest.mjs'

const seeds = process.env.AERO_LIVE_SEEDS
if (!seeds) {
  console.error('Say which cluster: AERO_LIVE_SEEDS=host:port[,host:port…] pnpm test:live')
  process.exit(2)
}
await runStages([
  { name: 'install', needed: true, run: install },
  {
    name: `integration on ${seeds}`,
    // One file at a time: the files share the cluster.
    run: () => vitest(['test/integration/', '--no-file-parallelism', ...process.argv.slice(2)]),
  },
])
