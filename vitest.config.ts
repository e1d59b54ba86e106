import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: ['packages/*', 'packages/sync/vitest.parity.config.ts', 'apps/*', 'tooling/testkit'],
    // Most tests open real sockets and measure time: more workers than this only make each other late.
    maxWorkers: 2,
  },
})
