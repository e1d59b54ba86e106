import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineProject } from 'vitest/config'

const packages = new URL('../../packages/', import.meta.url)

/**
 * Every door of every package, to its source: what the `@aero/source` condition says, as aliases. So a test run needs no
 * build. The condition itself would be handed on to Node, and then a worker thread that a test starts would find .ts files
 * where Node 20 needs .js; this way whatever Node loads by itself comes from dist.
 */
const alias = readdirSync(packages).flatMap((folder) => {
  const manifest = JSON.parse(readFileSync(new URL(`${folder}/package.json`, packages), 'utf8'))
  return Object.entries(manifest.exports).flatMap(([door, target]) => {
    const source = target['@aero/source']
    if (!source) return []
    const name = manifest.name + door.slice(1)
    return [
      { find: new RegExp(`^${name}$`), replacement: fileURLToPath(new URL(`${folder}/${source}`, packages)) },
    ]
  })
})

/** The test project of one package. */
export const testing = (name) =>
  defineProject({
    resolve: { alias },
    test: {
      name,
      environment: 'node',
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      benchmark: { include: ['bench/**/*.bench.ts'] },
      testTimeout: 20_000,
      hookTimeout: 30_000,
    },
  })
