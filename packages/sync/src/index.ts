/**
 * `@aero/sync`: Aero with blocking calls. So far this is only the door: definitions can be made, and connecting says that
 * it is not possible yet.
 */

// Connecting
export { ClusterDefinition } from './cluster-definition.ts'
// Errors
export { SyncNotYetError } from './bridge/errors.ts'
