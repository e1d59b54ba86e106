import { describe, expect, it } from 'vitest'
import { hintForUnknown, nearestName } from './nearest-name.ts'

const KNOWN = ['totalTimeout', 'socketTimeout', 'maxRetries', 'retryDelay', 'all', 'reads', 'writes'] as const

describe('nearestName', () => {
  it.each([
    ['totalTimeout', 'totalTimeout'],
    ['total_timeout', 'totalTimeout'],
    ['TotalTimeOut', 'totalTimeout'],
    ['totalTimout', 'totalTimeout'],
    ['maxRetry', 'maxRetries'],
    ['maxRetrys', 'maxRetries'],
    ['read', 'reads'],
    ['write', 'writes'],
    ['al', 'all'],
    ['banana', undefined],
    ['', undefined],
  ])('takes %s for %s', (unknown, nearest) => {
    expect(nearestName(unknown, KNOWN)).toBe(nearest)
  })

  it('lists what is known when nothing is near', () => {
    expect(hintForUnknown('banana', ['one', 'two'])).toBe('Known names: one, two')
    expect(hintForUnknown('tow', ['one', 'two'])).toBe('Did you mean two?')
  })
})
