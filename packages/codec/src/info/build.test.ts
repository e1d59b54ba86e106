import { describe, expect, it } from 'vitest'
import { DecodeError } from '../errors.ts'
import { compareBuilds, isBuildAtLeast, parseBuild } from './build.ts'

describe('server builds', () => {
  it.each([
    ['8.1.2.0', [8, 1, 2, 0]],
    ['8.2.0.0-rc1', [8, 2, 0, 0]],
    ['7.0.0.3-12-gabcdef', [7, 0, 0, 3]],
    ['6.4', [6, 4, 0, 0]],
    ['10', [10, 0, 0, 0]],
  ])('%s', (text, [major, minor, patch, revision]) => {
    expect(parseBuild(text)).toEqual({ major, minor, patch, revision, text })
  })

  it.each(['', 'x', '.8', 'ERROR:4:unrecognized command', '99999999999'])('refuses %j', (text) => {
    expect(() => parseBuild(text)).toThrow(DecodeError)
  })

  it('compares by number, not by text', () => {
    const sorted = ['8.1.10.0', '8.1.2.0', '7.2.0.14', '8.1.2.1'].map(parseBuild).sort(compareBuilds)
    expect(sorted.map(({ text }) => text)).toEqual(['7.2.0.14', '8.1.2.0', '8.1.2.1', '8.1.10.0'])
  })

  it.each([
    ['8.1.2.0', 8, 1, 2, true],
    ['8.1.2.0', 8, 1, 3, false],
    ['8.2.0.0-rc1', 8, 2, 0, true],
    ['8.1.2.0', 7, 9, 9, true],
  ])('%s at least %i.%i.%i: %s', (text, major, minor, patch, answer) => {
    expect(isBuildAtLeast(parseBuild(text), major, minor, patch)).toBe(answer)
  })
})
