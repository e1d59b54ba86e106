// The static checks of .ci/run: everything that reads the code without running it, and the packages as users get them.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { oneOf, readOrExit } from '../build/command-line.js'
import { checkChangesets } from './changesets.mjs'
import { build, install, node, root, run } from './setup.mjs'
import { countsOf, expectSuccess, runStages } from './stages.mjs'

const colors = process.stdout.isTTY && !process.env.NO_COLOR ? 'force' : 'off'

const stages = [
  { name: 'install', needed: true, run: install },
  { name: 'lockfile', run: checkLockfile },
  {
    name: 'format and lint',
    run: () => expectSuccess(node('biome', ['ci', '--max-diagnostics=40', `--colors=${colors}`])),
  },
  { name: 'layers', run: () => expectSuccess(run(process.execPath, [`${root}tooling/layout/run.mjs`])) },
  {
    name: 'unused',
    run: () => expectSuccess(node('knip', ['--no-progress', '--no-config-hints', '--no-tag-hints'])),
  },
  { name: 'changesets', run: checkChangesets },
  { name: 'build', needed: true, run: () => build('./packages/*') },
  {
    name: 'api reports',
    run: () => countsOf(run(process.execPath, [`${root}tooling/api/run.mjs`], { capture: true })),
  },
  {
    name: 'packages',
    run: () => countsOf(run(process.execPath, [`${root}tooling/consumer/run.mjs`], { capture: true })),
  },
]

const only = process.argv.slice(2)
const names = stages.map(({ name }) => name)
readOrExit('check', `usage: npm run check -- [part of a name …]\n\n  ${names.join('\n  ')}`, () => {
  for (const part of only) if (!names.some((name) => name.includes(part))) oneOf('check', part, names)
})
await runStages(
  only.length === 0 ? stages : stages.filter(({ name }) => only.some((part) => name.includes(part))),
)

/** The lockfile must work with any registry: it names none. */
function checkLockfile() {
  const file = join(root, 'pnpm-lock.yaml')
  if (!existsSync(file)) throw new Error('pnpm-lock.yaml is missing')
  const address = /https?:\/\/\S+/.exec(readFileSync(file, 'utf8'))
  if (address) throw new Error(`pnpm-lock.yaml names a host: ${address[0]}`)
}
