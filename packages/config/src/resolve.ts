import { covers, type Operation, SCOPE_NAMES, SCOPES, type ScopeName } from './scope.ts'
import type { ResolvedSettings, SettingsPatch } from './settings.ts'

/** What one behavior sets, by scope. */
export type BehaviorPatches = { readonly [Name in ScopeName]?: SettingsPatch }

/**
 * One step of the cascade: the parent's settings for an operation with this behavior's patches on top, from the
 * general scope to the special one. The base itself is returned when no patch touches it, so that equal settings of a
 * family of behaviors are one object.
 */
export function resolveSettings(
  base: ResolvedSettings,
  patches: BehaviorPatches,
  operation: Operation,
): ResolvedSettings {
  const touching = scopesOf(operation).filter((scope) => patches[scope] !== undefined)
  if (touching.length === 0) return base
  return Object.freeze(Object.assign({}, base, ...touching.map((scope) => patches[scope])))
}

/** The scopes that concern an operation, in the order of the cascade. */
export function scopesOf(operation: Operation): readonly ScopeName[] {
  return SCOPE_NAMES.filter((scope) => covers(SCOPES[scope], operation.kind, operation.shape, operation.mode))
}
