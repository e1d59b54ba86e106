import { type Duration, parseDuration, printDuration } from './duration.ts'
import { ConfigError } from './errors.ts'
import { nearestName } from './nearest-name.ts'

/** Time. Given as a {@link Duration}, kept in whole milliseconds, which is the unit of the other columns. */
export interface DurationRow {
  readonly type: 'duration'
  readonly default: number
  readonly min: number
  readonly max: number
  readonly sentence: string
}

/** A whole number. */
export interface IntegerRow {
  readonly type: 'integer'
  /** What is counted, in the plural; empty when the number has no unit. */
  readonly unit: string
  readonly default: number
  readonly min: number
  readonly max: number
  readonly sentence: string
}

/** Yes or no. */
export interface FlagRow {
  readonly type: 'flag'
  readonly default: boolean
  readonly sentence: string
}

/** One of a few names. */
export interface ChoiceRow {
  readonly type: 'choice'
  readonly default: string
  readonly values: readonly string[]
  readonly sentence: string
}

/** One option: its type, default, range and meaning. */
export type OptionRow = DurationRow | IntegerRow | FlagRow | ChoiceRow

/** What may be given for an option. */
export type OptionInput<Row> = Row extends { type: 'duration' } ? Duration : OptionValue<Row>

/** What an option is once it has been checked: durations in milliseconds. */
export type OptionValue<Row> = Row extends { type: 'duration' | 'integer' }
  ? number
  : Row extends { type: 'flag' }
    ? boolean
    : Row extends { type: 'choice'; values: readonly (infer Name)[] }
      ? Name
      : never

/**
 * Checks one given value against its row and turns it into what is kept.
 *
 * @throws ConfigError when the value is of another type or out of range
 */
export function readOption(row: OptionRow, value: unknown, path: string): number | boolean | string {
  switch (row.type) {
    case 'duration':
      return readDuration(row, value, path)
    case 'integer':
      if (Number.isInteger(value) && inRange(row, value as number)) return (value as number) + 0
      throw new ConfigError({ path, found: value, expected: describeRow(row) })
    case 'flag':
      if (typeof value === 'boolean') return value
      throw new ConfigError({ path, found: value, expected: describeRow(row) })
    case 'choice': {
      if (typeof value === 'string' && row.values.includes(value)) return value
      const nearest = typeof value === 'string' ? nearestName(value, row.values) : undefined
      const hint = nearest === undefined ? {} : { hint: `Did you mean '${nearest}'?` }
      throw new ConfigError({ path, found: value, expected: describeRow(row), ...hint })
    }
  }
}

/** What a row accepts, as a phrase. */
export function describeRow(row: OptionRow): string {
  switch (row.type) {
    case 'duration':
      return `a duration from ${printDuration(row.min)} to ${printDuration(row.max)}`
    case 'integer':
      return `a whole number${row.unit === '' ? '' : ` of ${row.unit}`} from ${row.min} to ${row.max}`
    case 'flag':
      return 'true or false'
    case 'choice':
      return `one of ${row.values.map((name) => `'${name}'`).join(', ')}`
  }
}

/** A checked value as a person reads it. */
export function printOption(row: OptionRow, value: number | boolean | string): string {
  return row.type === 'duration' && typeof value === 'number' ? printDuration(value) : String(value)
}

function readDuration(row: DurationRow, value: unknown, path: string): number {
  const ms = parseDuration(value as Duration, path)
  if (inRange(row, ms)) return ms
  throw new ConfigError({ path, found: value, expected: describeRow(row) })
}

function inRange(row: DurationRow | IntegerRow, value: number): boolean {
  return value >= row.min && value <= row.max
}
