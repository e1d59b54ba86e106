import { describe, expect, expectTypeOf, it } from 'vitest'
import { configErrorOf } from '../test/thrown.ts'
import { type Duration, parseDuration, printDuration } from './duration.ts'

describe('parseDuration', () => {
  it.each<[Duration, number]>([
    [0, 0],
    [250, 250],
    ['0ms', 0],
    ['250ms', 250],
    ['5s', 5_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['30d', 2_592_000_000],
    ['1.5s', 1_500],
    ['4.35s', 4_350],
    ['0.5h', 1_800_000],
    // Products that are not whole in binary floating point.
    ['1.1m', 66_000],
    ['1.005s', 1_005],
    ['1.001s', 1_001],
    ['2.007s', 2_007],
    // Fractions of a millisecond round up: 0 would mean "unlimited".
    [0.25, 1],
    ['0.1ms', 1],
    [1000 / 3, 334],
  ])('reads %s as %i ms', (given, ms) => {
    expect(parseDuration(given)).toBe(ms)
  })

  it('reads -0 as 0', () => {
    expect(Object.is(parseDuration(-0), 0)).toBe(true)
  })

  it.each<[unknown, string]>([
    [-1, ''],
    [-0.1, ''],
    [Number.NaN, ''],
    [Number.POSITIVE_INFINITY, '0 says so'],
    [Number.MAX_VALUE, ''],
    ['', ''],
    ['5', "'5ms' or '5s'"],
    ['5 s', ''],
    ['-5s', ''],
    ['5S', ''],
    ['5sec', ''],
    ['1e3s', ''],
    ['0x10s', ''],
    ['.5s', ''],
    ['1h30m', ''],
    ['99999999999999999d', ''],
    [5n, ''],
    [null, ''],
    [undefined, ''],
    [{}, ''],
    [[5], ''],
  ])('refuses %o', (given, hint) => {
    const error = configErrorOf(() => parseDuration(given as Duration, 'reads.totalTimeout'))
    expect(error.path).toBe('reads.totalTimeout')
    expect(error.found).toBe(given)
    expect(error.message).toContain('expected a duration')
    expect(error.hint).toContain(hint)
  })

  it('takes texts with a unit, by their types', () => {
    expectTypeOf<'5s'>().toExtend<Duration>()
    expectTypeOf<'250ms'>().toExtend<Duration>()
    expectTypeOf<number>().toExtend<Duration>()
    expectTypeOf<'5'>().not.toExtend<Duration>()
    expectTypeOf<'5 seconds'>().not.toExtend<Duration>()
    expectTypeOf<string>().not.toExtend<Duration>()
    expectTypeOf(parseDuration).returns.toEqualTypeOf<number>()
  })
})

describe('printDuration', () => {
  it.each([
    [0, '0ms'],
    [1, '1ms'],
    [1_000, '1s'],
    [1_500, '1500ms'],
    [60_000, '1m'],
    [90_000, '90s'],
    [3_600_000, '1h'],
    [86_400_000, '1d'],
    [2_147_483_647, '2147483647ms'],
  ])('prints %i ms as %s, which reads back', (ms, text) => {
    expect(printDuration(ms)).toBe(text)
    expect(parseDuration(text)).toBe(ms)
  })
})
