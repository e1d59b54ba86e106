import { type OptionRow, printOption } from './option-row.ts'
import { describeCoverage, SETTING_NAMES, SETTING_ROWS } from './settings.ts'
import { SYSTEM_ROWS, SYSTEM_SETTING_NAMES } from './system-settings.ts'

/** The settings of behaviors as a Markdown table, for the guides. */
export function printSettingReference(): string {
  const rows = SETTING_NAMES.map((name) => {
    const row = SETTING_ROWS[name]
    return [`\`${name}\``, describeType(row), describeDefault(row), describeCoverage(row), row.sentence]
  })
  return printTable(['setting', 'type', 'default', 'concerns', 'meaning'], rows)
}

/** The system settings as a Markdown table, for the guides. */
export function printSystemSettingReference(): string {
  const rows = SYSTEM_SETTING_NAMES.map((name) => {
    const row = SYSTEM_ROWS[name]
    return [`\`${name}\``, describeType(row), describeDefault(row), row.sentence]
  })
  return printTable(['setting', 'type', 'default', 'meaning'], rows)
}

function describeType(row: OptionRow): string {
  switch (row.type) {
    case 'integer':
      return row.unit === '' ? 'integer' : row.unit
    case 'choice':
      return row.values.map((value) => `\`${value}\``).join(' ')
    default:
      return row.type
  }
}

function describeDefault(row: OptionRow): string {
  return `\`${printOption(row, row.default)}\``
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
