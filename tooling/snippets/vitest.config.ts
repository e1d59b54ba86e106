import { testing } from '@aero/build/vitest'
import { mergeConfig } from 'vitest/config'

// The tests are made by run.mjs, one per program.
export default mergeConfig(testing('@aero/snippets'), {
  test: { include: ['.cache/programs/*.test.ts'], maxWorkers: 2 },
})
