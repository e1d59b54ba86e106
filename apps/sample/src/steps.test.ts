import { describe, expect, it } from 'vitest'
import { claim, closingLine, takeSteps } from './steps.ts'

describe('takeSteps', () => {
  it('counts and prints what went well, what failed and what was skipped', async () => {
    const lines: string[] = []
    const tally = await takeSteps(
      [
        { title: 'good', run: async () => ({ where: 'A1', what: 'all is well' }) },
        { title: 'bad', run: () => Promise.reject(new Error('it broke')) },
        { title: 'not here', skip: 'no time', run: () => Promise.reject(new Error('must not run')) },
        { title: 'good again', run: async () => ({ where: 'A2', what: 'went on' }) },
      ],
      (line) => lines.push(line),
    )
    expect(tally).toEqual({ passed: 2, failed: 1 })
    const text = lines.join('\n')
    for (const part of [
      /good +A1 +all is well/,
      /bad +- +FAILED: it broke/,
      /not here +- +skipped: no time/,
      /A2 +went on/,
    ]) {
      expect(text).toMatch(part)
    }
    expect(text).not.toContain('must not run')
  })

  it('closes with one line that people and scripts understand', () => {
    expect(closingLine({ passed: 12, failed: 0 })).toBe('sample: 12 steps passed, 0 failed')
  })
})

describe('claim', () => {
  it('fails with the words given', () => {
    claim(true, 'not this')
    expect(() => claim(false, 'the sky is green')).toThrow('the sky is green')
  })
})
