import { describe, expect, expectTypeOf, it } from 'vitest'
import { configErrorOf } from '../test/thrown.ts'
import type { Duration } from './duration.ts'
import {
  DEFAULT_SYSTEM_SETTINGS,
  type ResolvedSystemSettings,
  resolveSystemSettings,
  type SystemSettings,
} from './system-settings.ts'

describe('system settings', () => {
  it('have these defaults', () => {
    expect(DEFAULT_SYSTEM_SETTINGS).toEqual({
      minConnectionsPerNode: 0,
      maxConnectionsPerNode: 100,
      connPoolsPerNode: 1,
      maxSocketIdleTime: 55_000,
      tendInterval: 1_000,
      tendTimeout: 1_000,
      loginTimeout: 5_000,
      maxErrorRate: 100,
      errorRateWindow: 1,
      pipelining: 'auto',
      wakefulWait: 'auto',
    })
  })

  it('take what is given, in milliseconds, and leave the rest', () => {
    const given = { maxConnectionsPerNode: 200, tendInterval: '2s', pipelining: 'off' } as const
    expect(resolveSystemSettings(given)).toEqual({
      ...DEFAULT_SYSTEM_SETTINGS,
      maxConnectionsPerNode: 200,
      tendInterval: 2_000,
      pipelining: 'off',
    })
  })

  it('are copied and frozen', () => {
    const given = { maxErrorRate: 5 }
    const resolved = resolveSystemSettings(given)
    given.maxErrorRate = 6
    expect(resolved.maxErrorRate).toBe(5)
    expect(Object.isFrozen(resolved)).toBe(true)
  })

  it('take undefined for not given', () => {
    expect(resolveSystemSettings({ tendInterval: undefined } as object)).toEqual(DEFAULT_SYSTEM_SETTINGS)
  })

  it.each<[string, unknown, string]>([
    ['minConnectionsPerNode', -1, 'from 0 to 65535'],
    ['minConnectionsPerNode', 101, 'at most maxConnectionsPerNode, which is 100'],
    ['maxConnectionsPerNode', 0, 'from 1 to 65535'],
    ['maxConnectionsPerNode', 1.5, 'a whole number of connections'],
    ['maxConnectionsPerNode', '100', 'a whole number of connections'],
    ['maxConnectionsPerNode', null, 'a whole number of connections'],
    ['maxConnectionsPerNode', 100n, 'found 100n'],
    ['connPoolsPerNode', 0, 'from 1'],
    ['maxSocketIdleTime', 0, 'from 1ms'],
    ['maxSocketIdleTime', '1 minute', 'a duration'],
    ['tendInterval', 0, 'from 1ms'],
    ['tendInterval', '25d', 'to 2147483647ms'],
    ['tendTimeout', -5, 'a duration'],
    ['maxErrorRate', -1, 'from 0'],
    ['errorRateWindow', 0, 'a whole number of tend intervals from 1'],
    ['pipelining', 'on', "one of 'auto', 'off'"],
    ['pipelining', true, "one of 'auto', 'off'"],
    ['wakefulWait', false, "one of 'auto', 'off'"],
    ['maxConnsPerNode', 1, 'Did you mean maxConnectionsPerNode?'],
    ['max_connections_per_node', 1, 'Did you mean maxConnectionsPerNode?'],
    ['constructor', 1, 'the name of a system setting'],
  ])('refuse %s: %o', (name, value, message) => {
    const error = configErrorOf(() => resolveSystemSettings({ [name]: value }))
    expect(error.path).toBe(`systemSettings.${name}`)
    expect(error.message).toContain(message)
  })

  it.each([null, 5, 'fast', [1]])('must be an object, not %o', (given) => {
    expect(configErrorOf(() => resolveSystemSettings(given as never)).path).toBe('systemSettings')
  })

  it('have the types of the table', () => {
    expectTypeOf<SystemSettings['tendInterval']>().toEqualTypeOf<Duration | undefined>()
    expectTypeOf<ResolvedSystemSettings['tendInterval']>().toEqualTypeOf<number>()
    expectTypeOf<SystemSettings['maxErrorRate']>().toEqualTypeOf<number | undefined>()
    expectTypeOf<ResolvedSystemSettings['pipelining']>().toEqualTypeOf<'auto' | 'off'>()
    // @ts-expect-error an unknown name is an error of the compiler too
    expect(() => resolveSystemSettings({ tendIntervall: 1 })).toThrow('tendInterval')
    // @ts-expect-error so is a text without a unit
    expect(() => resolveSystemSettings({ tendInterval: '5' })).toThrow("'5s'")
  })
})
