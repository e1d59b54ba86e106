import { describe, expect, it } from 'vitest'
import { SyncNotYetError } from './bridge/errors.ts'
import { ClusterDefinition } from './cluster-definition.ts'

describe('the blocking ClusterDefinition', () => {
  it('refuses to connect and says what to use', () => {
    const definition = new ClusterDefinition('::1', 3100).validateClusterNameIs('prod')
    expect(() => definition.connect()).toThrow(SyncNotYetError)
    expect(() => definition.connect()).toThrow(
      /Connecting to \[::1\]:3100 is not possible yet: .* Use @aero\/sdk/,
    )
  })

  it('has a worker door that does nothing when it is only imported', async () => {
    expect(Object.keys(await import('./bridge/worker.ts'))).toEqual([])
  })
})
