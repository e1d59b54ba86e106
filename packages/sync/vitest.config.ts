import { testing } from '@aero/build/vitest'
import { mergeConfig } from 'vitest/config'

export default mergeConfig(testing('@aero/sync'), {
  test: { globalSetup: ['test/support/build-programs.ts'] },
})
