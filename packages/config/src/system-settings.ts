import { ConfigError } from './errors.ts'
import { hintForUnknown } from './nearest-name.ts'
import { type OptionInput, type OptionRow, type OptionValue, readOption } from './option-row.ts'
import { SYSTEM_OPTIONS } from './option-table.ts'

/** Settings of a cluster as a whole, as they are given: all optional, durations as milliseconds or as texts. */
export type SystemSettings = {
  readonly [Name in keyof typeof SYSTEM_OPTIONS]?: OptionInput<(typeof SYSTEM_OPTIONS)[Name]>
}

/** Settings of a cluster as a whole: complete, frozen, every time in whole milliseconds. */
export type ResolvedSystemSettings = {
  readonly [Name in keyof typeof SYSTEM_OPTIONS]: OptionValue<(typeof SYSTEM_OPTIONS)[Name]>
}

/** The name of a system setting. */
export type SystemSettingName = keyof typeof SYSTEM_OPTIONS

/** The rows under one type; that this compiles says that every row is well-formed. */
export const SYSTEM_ROWS: { readonly [Name in SystemSettingName]: OptionRow } = SYSTEM_OPTIONS

/** Every system setting, in the order of the table. */
export const SYSTEM_SETTING_NAMES: readonly SystemSettingName[] = Object.keys(
  SYSTEM_OPTIONS,
) as SystemSettingName[]

/**
 * Checks system settings and fills in the defaults. What is given is copied; `undefined` counts as not given.
 *
 * @throws ConfigError when a name is unknown, a value is wrong, or the minimum of connections exceeds the maximum
 *
 * @example
 * ```ts
 * import { resolveSystemSettings } from '@aero/config'
 *
 * console.log(resolveSystemSettings({ tendInterval: '2s' }).tendInterval) // 2000
 * ```
 */
export function resolveSystemSettings(
  settings: SystemSettings = {},
  path = 'systemSettings',
): ResolvedSystemSettings {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw new ConfigError({ path, found: settings, expected: 'an object of system settings' })
  }
  const resolved: { [name: string]: number | boolean | string } = {}
  for (const name of SYSTEM_SETTING_NAMES) resolved[name] = SYSTEM_ROWS[name].default
  for (const [name, value] of Object.entries(settings)) {
    if (!isSystemSettingName(name)) throw unknownSystemSetting(name, path)
    if (value !== undefined) resolved[name] = readOption(SYSTEM_ROWS[name], value, `${path}.${name}`)
  }
  return checkTogether(Object.freeze(resolved) as ResolvedSystemSettings, path)
}

function isSystemSettingName(name: string): name is SystemSettingName {
  return Object.hasOwn(SYSTEM_OPTIONS, name)
}

function checkTogether(resolved: ResolvedSystemSettings, path: string): ResolvedSystemSettings {
  if (resolved.minConnectionsPerNode > resolved.maxConnectionsPerNode) {
    throw new ConfigError({
      path: `${path}.minConnectionsPerNode`,
      found: resolved.minConnectionsPerNode,
      expected: `at most maxConnectionsPerNode, which is ${resolved.maxConnectionsPerNode}`,
    })
  }
  return resolved
}

function unknownSystemSetting(name: string, path: string): ConfigError {
  return new ConfigError({
    path: `${path}.${name}`,
    found: name,
    expected: 'the name of a system setting',
    hint: hintForUnknown(name, SYSTEM_SETTING_NAMES),
  })
}

/** The system settings when nothing is said. */
export const DEFAULT_SYSTEM_SETTINGS: ResolvedSystemSettings = resolveSystemSettings()
