import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { configErrorOf } from '../test/thrown.ts'
import { type OptionRow, readOption } from './option-row.ts'
import { SETTING_ROWS } from './settings.ts'
import { SYSTEM_ROWS } from './system-settings.ts'

const ROWS = [...Object.entries<OptionRow>(SETTING_ROWS), ...Object.entries<OptionRow>(SYSTEM_ROWS)]
const source = readFileSync(new URL('./option-table.ts', import.meta.url), 'utf8')

describe.each(ROWS)('the row of %s', (name, row) => {
  it('accepts its own default', () => {
    expect(readOption(row, row.default, name)).toBe(row.default)
  })

  it('refuses what lies outside of its range', () => {
    for (const value of outside(row))
      expect(configErrorOf(() => readOption(row, value, name)).path).toBe(name)
  })

  it('says the same in the editor as in the reference', () => {
    expect(source).toContain(`  /** ${row.sentence} */\n  ${name}: {`)
  })
})

function outside(row: OptionRow): readonly unknown[] {
  switch (row.type) {
    case 'flag':
      return [0, 1, 'true', null]
    case 'choice':
      return ['', row.default.toLowerCase().concat('!'), 0, null]
    default:
      return [row.min - 1, row.max + 1, Number.NaN, null, '']
  }
}
