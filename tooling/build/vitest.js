import { defineProject } from 'vitest/config'

// Siblings are read from their sources, so a test run needs no build.
const conditions = ['@aero/source', 'module', 'node', 'import', 'default']

/** The test project of one package. */
export const testing = (name) =>
  defineProject({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name,
      environment: 'node',
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      benchmark: { include: ['bench/**/*.bench.ts'] },
      testTimeout: 20_000,
      hookTimeout: 30_000,
    },
  })
