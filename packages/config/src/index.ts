/**
 * `@aero/config`: what a program chooses, as plain data. Nothing here opens, sends or waits.
 */

// Where the cluster is
export { ClusterDefinitionBase, type ClusterSeeds } from './cluster-definition.ts'
export type { ClusterDescription } from './cluster-description.ts'
export type { ClusterOptions } from './cluster-options.ts'
export type { AuthMode, Credentials } from './credentials.ts'
export type { Environment } from './environment.ts'
export { DEFAULT_PORT, Host, type HostLiteral, parseHosts } from './host.ts'
export type { Logger } from './logger.ts'
export { type PemSource, TlsBuilder, type TlsOptions, type TlsVersion } from './tls.ts'
// What holds for the cluster as a whole
export {
  DEFAULT_SYSTEM_SETTINGS,
  type ResolvedSystemSettings,
  resolveSystemSettings,
  type SystemSettingName,
  type SystemSettings,
} from './system-settings.ts'
// How operations behave
export { Behavior } from './behavior.ts'
export type { BehaviorChanges } from './behavior-changes.ts'
export { BehaviorRegistry } from './registry.ts'
export type { BehaviorPatches } from './resolve.ts'
export type { NamespaceMode, OperationKind, OperationShape, ScopeName } from './scope.ts'
export type {
  CommitLevel,
  ReadModeAp,
  ReadModeSc,
  Replica,
  ResolvedSettings,
  SettingName,
  Settings,
  SettingsPatch,
} from './settings.ts'
// Time
export { type Duration, type DurationText, parseDuration, printDuration } from './duration.ts'
// The tables behind all of it
export { SETTING_OPTIONS, SYSTEM_OPTIONS } from './option-table.ts'
export type { OptionInput, OptionValue } from './option-row.ts'
export { printSettingReference, printSystemSettingReference } from './print-options.ts'
// What is thrown
export { ConfigError, type ConfigProblem } from './errors.ts'
