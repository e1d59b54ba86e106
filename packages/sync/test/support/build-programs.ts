import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with what {@link setup} has built. */
    programs: string
  }
}

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

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
    noExternal: [/^@aero\//, 'bcryptjs'],
    esbuildOptions: (options) => {
      options.conditions = ['@aero/source']
    },
    splitting: true,
    silent: true,
  })
  project.provide('programs', folder)
  return () => rm(folder, { recursive: true, force: true })
}
