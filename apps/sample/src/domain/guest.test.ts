import { describe, expect, it } from 'vitest'
import { greeting, logLine, newGuest } from './guest.ts'

const details = { interests: ['maps'], address: { city: 'Rome', country: 'Italy' } }

describe('a guest', () => {
  it('is new at first', () => {
    expect(newGuest('alice', 'Alice', details)).toEqual({
      id: 'alice',
      name: 'Alice',
      ...details,
      visits: 0,
      log: '',
    })
  })

  it.each([
    { id: ' ', name: 'Alice', reason: /id/ },
    { id: 'alice', name: '', reason: /name/ },
  ])('needs an id and a name: $reason', ({ id, name, reason }) => {
    expect(() => newGuest(id, name, details)).toThrow(reason)
  })

  it.each([
    { visits: 0, expected: 'Welcome, Alice!' },
    { visits: 1, expected: 'Welcome back, Alice from Rome: visit number 2.' },
  ])('is greeted after $visits visits', ({ visits, expected }) => {
    expect(greeting({ ...newGuest('alice', 'Alice', details), visits })).toBe(expected)
  })

  it.each([
    ['lovely garden', 'lovely garden\n'],
    ['  two\n lines  ', 'two lines\n'],
  ])('logs %j as one line', (message, line) => {
    expect(logLine(message)).toBe(line)
  })
})
