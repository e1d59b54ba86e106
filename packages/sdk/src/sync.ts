/**
 * `@aero/sdk/sync`: Aero with blocking calls. They are not there yet: connecting says so.
 */

// Connecting
export { ClusterDefinition, SyncNotYetError } from '@aero/sync'
// What a program chooses
export { Behavior, BehaviorRegistry, ConfigError, Host } from '@aero/config'
