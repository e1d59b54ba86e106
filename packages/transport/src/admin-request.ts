import {
  type AdminRequest,
  type ByteReader,
  type ByteWriter,
  DecodeError,
  decodeAdminReply,
  decodeRolesReply,
  decodeUsersReply,
  encodeAdminRequest,
  FRAME_TYPE,
  type FrameType,
  isLoginLost,
  RESULT_CODE,
  type Role,
  type User,
} from '@aero/codec'
import { attemptError } from './attempt-error.ts'
import { type AttemptFailure, Exchange, type LastFrameTest } from './exchange.ts'
import type { Pool } from './pool.ts'

/** What a server answers to an admin request. */
export interface AdminAnswer {
  /** 0 when all went well. */
  readonly resultCode: number
  /** To a query for users. */
  readonly users: readonly User[]
  /** To a query for roles. */
  readonly roles: readonly Role[]
}

/**
 * Sends an admin request on a connection of its own and gathers the answer, however many frames it takes. A session that the server
 * knows no more is replaced, once.
 *
 * @param deadline when to give up, by the pool's clock
 * @throws ConnectFailedError, ConnectionClosedError, DeadlineExceededError; EncodeError for a request that does not fit; DecodeError
 * for an answer that is none; the signal's reason
 */
export function requestAdmin(
  pool: Pool,
  request: AdminRequest,
  deadline: number,
  signal?: AbortSignal,
): Promise<AdminAnswer> {
  if (signal?.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    const finish = (): void => signal?.removeEventListener('abort', onAbort)
    let exchange: AdminExchange
    /** Asks; where the server knows the login no more, once again after another. */
    const ask = (mayEnterAgain: boolean): void => {
      exchange = new AdminExchange(
        request,
        (answer) => {
          if (mayEnterAgain && isLoginLost(answer.resultCode) && pool.renewLogin(exchange)) {
            pool.clock.soon(() => {
              if (signal?.aborted !== true) ask(false)
            })
            return
          }
          finish()
          resolve(answer)
        },
        (failure) => {
          finish()
          reject(attemptError(pool.endpoint, failure))
        },
      )
      exchange.deadline = deadline
      pool.submitExclusive(exchange)
    }
    const onAbort = (): void => {
      finish()
      pool.cancel(exchange)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    ask(true)
  })
}

class AdminExchange extends Exchange {
  readonly #request: AdminRequest
  readonly #resolve: (answer: AdminAnswer) => void
  readonly #reject: (failure: AttemptFailure) => void
  readonly #users: User[] = []
  readonly #roles: Role[] = []

  constructor(
    request: AdminRequest,
    resolve: (answer: AdminAnswer) => void,
    reject: (failure: AttemptFailure) => void,
  ) {
    super()
    this.#request = request
    this.#resolve = resolve
    this.#reject = reject
  }

  override encode(out: ByteWriter): void {
    encodeAdminRequest(out, this.#request)
  }

  override receive(type: FrameType, body: ByteReader): boolean {
    if (type !== FRAME_TYPE.admin) {
      throw new DecodeError(`frame of type ${type} as the answer to an admin request`, body.position)
    }
    const end = this.#read(body)
    if (end === undefined) return false
    const resultCode = end === RESULT_CODE.QUERY_END ? RESULT_CODE.OK : end
    this.#resolve({ resultCode, users: this.#users, roles: this.#roles })
    return true
  }

  override fail(failure: AttemptFailure): void {
    this.#reject(failure)
  }

  /** An answer of several frames is not waited for when nobody wants it any more. */
  override get lastFrameTest(): LastFrameTest | undefined {
    return this.#request.command.startsWith('query') ? undefined : super.lastFrameTest
  }

  /** The code at the end of the answer, if this is the end. */
  #read(body: ByteReader): number | undefined {
    if (this.#request.command === 'queryUsers') {
      const { entries, end } = decodeUsersReply(body)
      this.#users.push(...entries)
      return end
    }
    if (this.#request.command === 'queryRoles') {
      const { entries, end } = decodeRolesReply(body)
      this.#roles.push(...entries)
      return end
    }
    return decodeAdminReply(body)
  }
}
