import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { printSettingReference, printSystemSettingReference } from '../src/print-options.ts'

const guide = readFileSync(new URL('../../../docs/guides/behaviors.md', import.meta.url), 'utf8')

describe('docs/guides/behaviors.md', () => {
  it.each([
    ['settings', printSettingReference()],
    ['system settings', printSystemSettingReference()],
  ])('holds the %s as the option table has them', (name, printed) => {
    expect(guide).toContain(`<!-- ${name}: printed from the option table -->\n${printed}\n<!-- end -->`)
  })
})
