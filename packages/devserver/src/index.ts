// a server and its nodes
export { DevServer, type DevServerOptions, startDevServer } from './dev-server.ts'
export { type AnswerFaultOptions, DevServerNode, type NodeState } from './dev-server-node.ts'
export type { FaultOptions, FaultTarget } from './faults.ts'
// security
export type { RoleOptions, SecurityOptions, UserOptions } from './security/security-options.ts'
export { ServerSecurity } from './security/server-security.ts'
// time
export { type Clock, systemClock } from './clock.ts'
