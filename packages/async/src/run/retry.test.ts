import { describe, expect, it } from 'vitest'
import { delayBeforeRetry, isInDoubt } from './retry.ts'

describe('delayBeforeRetry', () => {
  const base = { attempts: 1, maxRetries: 2, retryDelayMs: 0, retryable: true, now: 100, deadline: 1000 }
  it.each([
    ['a first failure', base, 0],
    ['the last retry allowed', { ...base, attempts: 2 }, 0],
    ['all retries used', { ...base, attempts: 3 }, undefined],
    ['no retries allowed', { ...base, maxRetries: 0 }, undefined],
    ['an outcome that would be the same again', { ...base, retryable: false }, undefined],
    ['a delay within the deadline', { ...base, retryDelayMs: 899 }, 899],
    ['a delay that reaches the deadline', { ...base, retryDelayMs: 900 }, undefined],
    ['the deadline passed', { ...base, now: 1000 }, undefined],
    ['no deadline', { ...base, deadline: Number.POSITIVE_INFINITY, retryDelayMs: 60_000 }, 60_000],
  ])('%s', (_, input, expected) => {
    expect(delayBeforeRetry(input)).toBe(expected)
  })
})

describe('isInDoubt', () => {
  const TIMEOUT = 9
  it.each([
    ['a read', true, 3, TIMEOUT, false],
    ['never sent', false, 0, TIMEOUT, false],
    ['sent once, timed out', false, 1, TIMEOUT, true],
    ['sent once, connection lost', false, 1, -8, true],
    ['sent once, refused by the server', false, 1, 5, false],
    ['sent twice, refused by the server', false, 2, 5, true],
  ])('%s', (_, isRead, timesSent, code, expected) => {
    expect(isInDoubt(isRead, timesSent, code, TIMEOUT)).toBe(expected)
  })
})
