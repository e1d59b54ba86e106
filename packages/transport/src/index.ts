// Requests and their ends
export {
  type AttemptFailure,
  type AttemptFailureKind,
  type AttemptPhase,
  type Carrier,
  Exchange,
  type LastFrameTest,
} from './exchange.ts'

// Connections to one node
export { Pool } from './pool.ts'
export type { PoolOptions, PoolStats } from './pool-options.ts'
export { Endpoint } from './endpoint.ts'
export { InfoChannel, type InfoChannelOptions } from './info-channel.ts'

// Time
export { type Clock, systemClock } from './clock.ts'
export { DeadlineWatch } from './deadlines.ts'

// Byte streams
export type { Socket, SocketEvents, SocketOpener } from './socket.ts'
export { TcpSocketOpener } from './tcp-socket.ts'
export type { PemSource, TlsOptions, TlsVersion } from './tls-options.ts'
export { TlsSocketOpener } from './tls-socket.ts'
export { resolveHost } from './resolve-host.ts'

// Logging in
export { type AdminAnswer, requestAdmin } from './admin-request.ts'
export type { Credentials } from './credentials.ts'
export { type LoginOptions, LoginSocketOpener, type PlainAfterLogin } from './login.ts'
export { hashPassword, NO_PASSWORD } from './password.ts'

// Errors
export {
  ConnectFailedError,
  ConnectionClosedError,
  CredentialsError,
  DeadlineExceededError,
  LoginFailedError,
  type TlsFailure,
  TlsFailedError,
  TlsOptionsError,
  TransportError,
} from './errors.ts'
