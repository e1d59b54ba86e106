// Checks the direction of dependencies: what the manifests declare, then what the files import.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import table from './table.cjs'

const root = new URL('../../', import.meta.url)
const rules = fileURLToPath(new URL('./dependency-rules.cjs', import.meta.url))
const cruiser = fileURLToPath(
  new URL('./node_modules/dependency-cruiser/bin/dependency-cruise.mjs', import.meta.url),
)

const complaints = readdirSync(new URL('packages/', root)).flatMap(checkManifest)
for (const complaint of complaints) console.error(complaint)

const { status } = spawnSync(
  process.execPath,
  [cruiser, '--config', rules, '--output-type', 'err-long', 'packages', 'apps', 'tooling'],
  { cwd: fileURLToPath(root), stdio: ['ignore', 'inherit', 'inherit'] },
)
process.exitCode = status === 0 && complaints.length > 0 ? 1 : (status ?? 1)

function checkManifest(name) {
  const manifest = JSON.parse(readFileSync(new URL(`packages/${name}/package.json`, root), 'utf8'))
  const allowed = table.packages[name]
  if (!allowed) return [`packages/${name} is not in tooling/layout/table.cjs`]
  const siblings = (field) => Object.keys(manifest[field] ?? {}).filter((each) => each.startsWith('@aero/'))
  const tools = ['@aero/build', '@aero/testkit', '@aero/tsconfig']
  const forTests = [
    ...tools,
    ...(table.testedWithDevserver.includes(name) ? ['@aero/devserver'] : []),
    ...(table.testedWithLua.includes(name) ? ['@aero/lua'] : []),
  ]
  const use = allowed.map((each) => `@aero/${each}`)
  return [
    ...siblings('dependencies').filter((each) => !use.includes(each)),
    ...siblings('peerDependencies'),
    ...siblings('devDependencies').filter((each) => !forTests.includes(each)),
  ].map((each) => `packages/${name}/package.json declares ${each}, which ${name} may not use`)
}
