import { describe, expect, it } from 'vitest'
import { parseArguments } from './arguments.ts'

describe('parseArguments', () => {
  it.each([
    { words: [], expected: { kind: 'run', seeds: undefined, namespace: 'test' } },
    {
      words: ['--seeds', 'a:3000,b:3000'],
      expected: { kind: 'run', seeds: 'a:3000,b:3000', namespace: 'test' },
    },
    { words: ['--seeds=a', '--namespace=bar'], expected: { kind: 'run', seeds: 'a', namespace: 'bar' } },
    { words: ['--help'], expected: { kind: 'help' } },
  ])('$words', ({ words, expected }) => {
    expect(parseArguments(words)).toEqual(expected)
  })

  it('names what a misspelt option may mean', () => {
    expect(parseArguments(['--seed', 'a'])).toEqual({
      kind: 'mistake',
      reason: "there is no option '--seed'; did you mean --seeds?",
    })
  })

  it.each([[['--seed', 'a']], [['--seeds']], [['a:3000']]])('%j is a mistake', (words) => {
    expect(parseArguments(words).kind).toBe('mistake')
  })
})
