// a server and its nodes
export { DevServer, type DevServerOptions, type DevServerTls, startDevServer } from './dev-server.ts'
export {
  type AnswerFaultOptions,
  DevServerNode,
  type NodeAddress,
  type NodeState,
  type PublishedAddress,
} from './dev-server-node.ts'
export type { FaultOptions, FaultTarget } from './faults.ts'
// security
export type { RoleOptions, SecurityOptions, UserOptions } from './security/security-options.ts'
export { ServerSecurity } from './security/server-security.ts'
// functions in Lua
export type { FunctionLog } from './lua/record-library.ts'
// time
export { type Clock, systemClock } from './clock.ts'
