import { describe, expect, it } from 'vitest'
import { Behavior } from './behavior.ts'

describe('explain', () => {
  it('shows lineage, changes, and where each setting in effect comes from', () => {
    const lines = Behavior.FAST_RACK_AWARE.explain().split('\n')
    expect(lines[0]).toBe('behavior DEFAULT → READ_FAST → FAST_RACK_AWARE')
    expect(lines).toContain('    reads: totalTimeout 200ms, socketTimeout 50ms, maxRetries 3')
    expect(effectOf('totalTimeout', lines)).toEqual([
      ['200ms', 'reads of READ_FAST'],
      ['30s', 'default'],
    ])
    expect(effectOf('maxRetries', lines)).toEqual([
      ['3', 'reads of READ_FAST'],
      ['2', 'default'],
      ['0', 'writesNonRetryable of DEFAULT'],
    ])
    expect(effectOf('sendKey', lines)).toEqual([['true', 'default']])
  })

  it('warns where a general scope of a child beats a special one of an ancestor', () => {
    const warnings = warningsOf(Behavior.DEFAULT.derive('mine', { maxRetries: 3 }))
    expect(warnings).toEqual([
      'all.maxRetries 3 of mine overrides readsQuery.maxRetries 5 of DEFAULT',
      'all.maxRetries 3 of mine overrides writesNonRetryable.maxRetries 0 of DEFAULT',
    ])
  })

  it.each([
    ['the scope is as special', Behavior.DEFAULT.derive('same scope', { readsQuery: { maxRetries: 9 } })],
    ['the value is the same', Behavior.DEFAULT.derive('same value', { readsQuery: { maxRetries: 5 } })],
    [
      'special scopes beat general ones in one behavior',
      Behavior.DEFAULT.derive('own', { retryDelay: 1, reads: { retryDelay: 2 } }),
    ],
    ['nothing was changed', Behavior.DEFAULT.derive('nothing')],
    ['it is DEFAULT', Behavior.DEFAULT],
  ])('does not warn when %s', (_reason, behavior) => {
    expect(warningsOf(behavior)).toEqual([])
  })

  it('says so when a behavior changes nothing', () => {
    expect(Behavior.DEFAULT.derive('nothing').explain()).toContain('  nothing: none\n')
  })
})

function warningsOf(behavior: Behavior): readonly string[] {
  const lines = behavior.explain().split('\n')
  const start = lines.indexOf('warnings')
  return start < 0 ? [] : lines.slice(start + 1).map((line) => line.trim())
}

/** The value and source columns of one setting's lines. */
function effectOf(name: string, lines: readonly string[]): string[][] {
  const start = lines.findIndex((line) => line.startsWith(`  ${name} `))
  const rest = lines.slice(start + 1)
  const next = rest.findIndex((line) => !line.startsWith('   '))
  return [lines[start] ?? '', ...rest.slice(0, next)].map((line) => line.slice(24).trim().split(/ {2,}/))
}
