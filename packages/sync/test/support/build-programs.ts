import { mkdtemp, rm } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Options } from 'tsup'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with what {@link setup} has built. */
    programs: string
  }
}

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** A plugin of the bundler, in what is used of it here. */
type Plugin = NonNullable<Options['esbuildPlugins']>[number]

/**
 * Packages from the registry stay where they are installed: CommonJS in a bundle of ES modules cannot require Node's own modules, and
 * some packages look for files beside them. The programs lie outside the repository, so they name the files.
 */
const installedPackages: Plugin = {
  name: 'installed-packages',
  setup: ({ onResolve, resolve }) => {
    onResolve({ filter: /^[^./]/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      if (kind === 'entry-point' || path.startsWith('@aero/') || pluginData === SEEN) return undefined
      if (isBuiltin(path)) return { path, external: true }
      const { path: file, errors } = await resolve(path, { importer, resolveDir, kind, pluginData: SEEN })
      return errors.length > 0 ? { errors } : { path: pathToFileURL(file).href, external: true }
    })
  },
}

/** Says that it was this plugin that asked. */
const SEEN = 'installed-packages'

/**
 * What runs beside the tests, as files that a plain Node can run, made from the sources as they are now: the worker thread, a dev
 * server that has a thread of its own, because the test's thread is blocked, and the package itself for programs of their own.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'aero-sync-'))
  await build({
    config: false,
    entry: {
      worker: file('src/bridge/worker.ts'),
      sync: file('test/programs/sync.ts'),
      'dev-server': file('test/programs/dev-server.ts'),
    },
    tsconfig: file('tsconfig.test.json'),
    outDir: folder,
    format: ['esm'],
    outExtension: () => ({ js: '.mjs' }),
    target: 'node20',
    noExternal: [/./],
    esbuildPlugins: [installedPackages],
    esbuildOptions: (options) => {
      options.conditions = ['@aero/source']
    },
    splitting: true,
    silent: true,
  })
  project.provide('programs', folder)
  return () => rm(folder, { recursive: true, force: true })
}
