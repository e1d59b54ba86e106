import { ConfigError } from './errors.ts'
import { hintForUnknown } from './nearest-name.ts'
import type { BehaviorPatches } from './resolve.ts'
import { SCOPE_NAMES, SCOPES, type ScopeName } from './scope.ts'
import {
  isSettingName,
  readSetting,
  readSettings,
  SETTING_NAMES,
  type Settings,
  type SettingsPatch,
} from './settings.ts'

/** What a derived behavior changes: settings by scope, and settings by themselves, which belong to the scope `all`. */
export type BehaviorChanges = Settings & { readonly [Name in ScopeName]?: Settings }

/**
 * Checks changes and sorts them by scope, in the order of the cascade.
 *
 * @throws ConfigError when a name is neither a scope nor a setting, a setting is given both by itself and in `all`, or
 *   a setting is refused
 */
export function readChanges(changes: unknown, path: string): BehaviorPatches {
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes)) {
    throw new ConfigError({ path, found: changes, expected: 'an object of scopes and settings' })
  }
  const scopes = new Map<ScopeName, SettingsPatch>()
  const loose: { [name: string]: number | boolean | string } = {}
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) continue
    if (isScopeName(name)) scopes.set(name, readSettings(value, name, `${path}.${name}`))
    else if (isSettingName(name)) loose[name] = readSetting(name, value, 'all', `${path}.${name}`)
    else throw unknownChange(name, path)
  }
  if (Object.keys(loose).length > 0) scopes.set('all', mergeLoose(scopes.get('all'), loose, path))
  return inCascadeOrder(scopes)
}

function isScopeName(name: string): name is ScopeName {
  return Object.hasOwn(SCOPES, name)
}

function mergeLoose(
  all: SettingsPatch | undefined,
  loose: { readonly [name: string]: number | boolean | string },
  path: string,
): SettingsPatch {
  for (const name of Object.keys(all ?? {})) {
    if (!Object.hasOwn(loose, name)) continue
    throw new ConfigError({
      path: `${path}.${name}`,
      found: loose[name],
      expected: `it once, but ${path}.all.${name} is given too`,
    })
  }
  return Object.freeze({ ...all, ...loose }) as SettingsPatch
}

/** Scopes with nothing in them are left out: they would only look like patches. */
function inCascadeOrder(scopes: ReadonlyMap<ScopeName, SettingsPatch>): BehaviorPatches {
  const patches: { [Name in ScopeName]?: SettingsPatch } = {}
  for (const scope of SCOPE_NAMES) {
    const patch = scopes.get(scope)
    if (patch !== undefined && Object.keys(patch).length > 0) patches[scope] = patch
  }
  return Object.freeze(patches)
}

function unknownChange(name: string, path: string): ConfigError {
  return new ConfigError({
    path: `${path}.${name}`,
    found: name,
    expected: 'the name of a scope or of a setting',
    hint: hintForUnknown(name, [...SCOPE_NAMES, ...SETTING_NAMES]),
  })
}
