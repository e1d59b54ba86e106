import type { Endpoint } from './endpoint.ts'
import { ConnectFailedError, ConnectionClosedError, DeadlineExceededError } from './errors.ts'
import type { AttemptFailure } from './exchange.ts'

/** A failure as the error that a promise rejects with. */
export function attemptError(endpoint: Endpoint, { kind, phase, cause, lateMs }: AttemptFailure): Error {
  switch (kind) {
    case 'encode':
    case 'decode':
    case 'connect':
      return cause ?? new ConnectFailedError(endpoint, kind)
    case 'timeout': {
      const waiting = phase === 'sent' ? 'no answer' : phase === 'connecting' ? 'no connection' : 'no turn'
      const late = lateMs === undefined ? '' : ` (the event loop was late by ${Math.round(lateMs)} ms)`
      return new DeadlineExceededError(`${waiting} from ${endpoint} in time${late}`, endpoint)
    }
    case 'closed':
      return new ConnectionClosedError(endpoint, cause?.message ?? 'by the server', cause)
    case 'pool-closed':
      return new ConnectionClosedError(endpoint, 'the channel was closed')
    case 'queue-full':
      return new ConnectionClosedError(endpoint, 'too many requests wait')
  }
}
