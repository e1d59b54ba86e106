import { describe, expect, it } from 'vitest'
import { Tally } from './tally.ts'

describe('Tally', () => {
  it('is exact when each record was given once', () => {
    const tally = new Tally(3)
    for (const number of [2, 0, 1]) tally.note(number)
    expect(tally.isExact).toBe(true)
    expect(String(tally)).toBe('3 records once, 0 missing, 0 repeated, 0 unknown')
  })

  it.each([
    ['one is missing', [0, 1], '2 records once, 1 missing, 0 repeated, 0 unknown'],
    ['one came twice', [0, 1, 2, 1], '3 records once, 0 missing, 1 repeated, 0 unknown'],
    ['one was never written', [0, 1, 2, 3, '1'], '3 records once, 0 missing, 0 repeated, 2 unknown'],
  ])('is not when %s', (_, numbers, text) => {
    const tally = new Tally(3)
    for (const number of numbers) tally.note(number)
    expect(tally.isExact).toBe(false)
    expect(String(tally)).toBe(text)
  })

  it('goes on where another one stopped', () => {
    const first = new Tally(3)
    first.note(1)
    const second = new Tally(3, first.bytes)
    for (const number of [0, 2]) second.note(number)
    expect(second.isExact).toBe(true)
    second.note(1)
    expect(second.repeated).toBe(1)
  })
})
