// npm test: installs, checks the types, builds, and runs every test there is.
import { build, install, node, root, run } from './setup.mjs'
import { countsOf, expectSuccess, runStages } from './stages.mjs'
import { vitest } from './vitest.mjs'

await runStages([
  { name: 'install', needed: true, run: install },
  { name: 'types', run: () => expectSuccess(node('tsc', ['-b'])) },
  // The sync bridge is tested as built: Node 20 cannot start a worker from TypeScript.
  { name: 'build', needed: true, run: () => build() },
  { name: 'tests', run: () => vitest(process.argv.slice(2)) },
  {
    name: 'sample',
    run: () => countsOf(run(process.execPath, ['apps/sample/dist/main.js'], { capture: true })),
  },
  {
    name: 'snippets',
    run: () => countsOf(run(process.execPath, [`${root}tooling/snippets/run.mjs`], { capture: true })),
  },
])
