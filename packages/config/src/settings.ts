import { ConfigError } from './errors.ts'
import { hintForUnknown } from './nearest-name.ts'
import { type OptionInput, type OptionRow, type OptionValue, readOption } from './option-row.ts'
import { SETTING_OPTIONS } from './option-table.ts'
import { type Coverage, overlap, SCOPES, type ScopeName } from './scope.ts'

/** The name of a setting. */
export type SettingName = keyof typeof SETTING_OPTIONS

/** Settings as they are given, all optional: durations as milliseconds or as texts like `'50ms'`. */
export type Settings = {
  readonly [Name in keyof typeof SETTING_OPTIONS]?: OptionInput<(typeof SETTING_OPTIONS)[Name]>
}

/** Settings as operations use them: complete, frozen, every time in whole milliseconds. */
export type ResolvedSettings = {
  readonly [Name in keyof typeof SETTING_OPTIONS]: OptionValue<(typeof SETTING_OPTIONS)[Name]>
}

/** Checked settings of one scope: those that it sets, times in milliseconds. */
export type SettingsPatch = Partial<ResolvedSettings>

/** Which copy of a partition is asked. */
export type Replica = ResolvedSettings['replica']
/** Who must have written before a write succeeds. */
export type CommitLevel = ResolvedSettings['commitLevel']
/** How many copies a read consults in available namespaces. */
export type ReadModeAp = ResolvedSettings['readModeAp']
/** What a read promises in strongly consistent namespaces. */
export type ReadModeSc = ResolvedSettings['readModeSc']

/** The rows under one type; that this compiles says that every row is well-formed. */
export const SETTING_ROWS: { readonly [Name in SettingName]: OptionRow & Coverage } = SETTING_OPTIONS

/** Every setting, in the order of the table. */
export const SETTING_NAMES: readonly SettingName[] = Object.keys(SETTING_OPTIONS) as SettingName[]

/** What holds where no behavior says anything. */
export const DEFAULT_SETTINGS: ResolvedSettings = Object.freeze(
  Object.fromEntries(SETTING_NAMES.map((name) => [name, SETTING_ROWS[name].default])),
) as ResolvedSettings

/** Whether a text is the name of a setting. */
export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTING_OPTIONS, name)
}

/**
 * Checks settings given for one scope. What is given is copied; `undefined` counts as not given.
 *
 * @throws ConfigError when a name is unknown, a value is wrong, or the setting cannot affect any operation of the scope
 */
export function readSettings(settings: unknown, scope: ScopeName, path: string): SettingsPatch {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw new ConfigError({ path, found: settings, expected: 'an object of settings' })
  }
  const patch: { [name: string]: number | boolean | string } = {}
  for (const [name, value] of Object.entries(settings)) {
    if (!isSettingName(name)) throw unknownSetting(name, path)
    if (value !== undefined) patch[name] = readSetting(name, value, scope, `${path}.${name}`)
  }
  return Object.freeze(patch) as SettingsPatch
}

/** Checks one setting for one scope. */
export function readSetting(
  name: SettingName,
  value: unknown,
  scope: ScopeName,
  path: string,
): number | boolean | string {
  const row = SETTING_ROWS[name]
  if (!overlap(row, SCOPES[scope])) {
    throw new ConfigError({
      path,
      found: value,
      expected: `no ${name} here, because it cannot affect anything in the scope ${scope}`,
      hint: `It concerns ${describeCoverage(row)}`,
    })
  }
  return readOption(row, value, path)
}

function unknownSetting(name: string, path: string): ConfigError {
  return new ConfigError({
    path: `${path}.${name}`,
    found: name,
    expected: 'the name of a setting',
    hint: hintForUnknown(name, SETTING_NAMES),
  })
}

/** The operations a setting can affect, in words. */
export function describeCoverage(coverage: Coverage): string {
  const parts = [coverage.kinds, coverage.shapes, coverage.modes].filter((part) => part !== undefined)
  return parts.length === 0 ? 'everything' : parts.map((part) => part.join(' or ')).join(', ')
}
