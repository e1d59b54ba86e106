import {
  type ByteReader,
  type ByteWriter,
  DecodeError,
  decodeInfoReply,
  encodeInfoRequest,
  FRAME_TYPE,
  type FrameType,
  isLoginLost,
  parseInfoError,
} from '@aero/codec'
import { attemptError } from './attempt-error.ts'
import type { Clock } from './clock.ts'
import type { DeadlineWatch } from './deadlines.ts'
import type { Endpoint } from './endpoint.ts'
import { LoginFailedError } from './errors.ts'
import { type AttemptFailure, Exchange } from './exchange.ts'
import { Pool } from './pool.ts'
import type { SocketOpener } from './socket.ts'

/** What an {@link InfoChannel} is made from. */
export interface InfoChannelOptions {
  readonly endpoint: Endpoint
  readonly opener: SocketOpener
  readonly clock: Clock
  readonly watch: DeadlineWatch
  /** An attempt to connect fails after this long; default 1000 ms. The deadline of a request may end it earlier. */
  readonly connectTimeoutMs?: number
}

/**
 * A connection of its own for info requests to one node, one at a time. It is opened by the first request, and again by the next one
 * after it was lost; a request that times out closes it.
 *
 * @example
 * ```ts
 * import { DeadlineWatch, Endpoint, InfoChannel, systemClock, TcpSocketOpener } from '@aero/transport'
 *
 * const clock = systemClock
 * const channel = new InfoChannel({
 *   endpoint: new Endpoint('127.0.0.1', 3000),
 *   opener: new TcpSocketOpener(),
 *   clock,
 *   watch: new DeadlineWatch(clock),
 * })
 * try {
 *   const answer = await channel.request(['node', 'build'], clock.now() + 1000)
 *   console.log(answer.get('build'))
 * } finally {
 *   channel.close()
 * }
 * ```
 */
export class InfoChannel {
  readonly #pool: Pool

  constructor(options: InfoChannelOptions) {
    this.#pool = new Pool({
      ...options,
      pipelining: 'off',
      maxConnections: 1,
      drainDelayMs: 0,
      // Whoever asks has a rhythm of its own: each request may try.
      longestPauseMs: 0,
    })
  }

  get endpoint(): Endpoint {
    return this.#pool.endpoint
  }

  /** While `true`, a request in flight does not keep the process alive. Default `false`. */
  get background(): boolean {
    return this.#pool.background
  }

  set background(background: boolean) {
    this.#pool.background = background
  }

  /**
   * Asks for the values of `names`.
   *
   * @param deadline when to give up, by the clock of the options
   * @returns the values by name; whether a value is an error is for the codec's `parseInfoError` to say
   * @throws LoginFailedError where the server wants a login, and there is none or a new one did not help; ConnectFailedError,
   * ConnectionClosedError, DeadlineExceededError; EncodeError for a name with a line feed; DecodeError
   * for an answer that is none; the signal's reason
   */
  request(names: readonly string[], deadline: number, signal?: AbortSignal): Promise<Map<string, string>> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    return new Promise((resolve, reject) => {
      const pool = this.#pool
      let exchange: InfoExchange
      const finish = (): void => signal?.removeEventListener('abort', onAbort)
      const onAbort = (): void => {
        pool.cancel(exchange)
        finish()
        reject(signal?.reason)
      }
      /** Asks; where the server knows the login no more, once again after another. */
      const ask = (mayEnterAgain: boolean): void => {
        exchange = new InfoExchange(
          names,
          (values) => {
            const code = loginRefusalIn(values)
            if (code !== undefined && mayEnterAgain && pool.renewLogin(exchange)) {
              pool.clock.soon(() => {
                if (signal?.aborted !== true) ask(false)
              })
              return
            }
            finish()
            if (code === undefined) resolve(values)
            else reject(new LoginFailedError(pool.endpoint, code))
          },
          (failure) => {
            finish()
            reject(attemptError(pool.endpoint, failure))
          },
        )
        exchange.deadline = deadline
        pool.submit(exchange)
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      ask(true)
    })
  }

  /** Closes the connection; requests that wait are rejected with ConnectionClosedError. */
  close(): void {
    this.#pool.close()
  }
}

/** Not on the hot path: a few per second and node. So callbacks will do. */
class InfoExchange extends Exchange {
  readonly #names: readonly string[]
  readonly #resolve: (values: Map<string, string>) => void
  readonly #reject: (failure: AttemptFailure) => void

  constructor(
    names: readonly string[],
    resolve: (values: Map<string, string>) => void,
    reject: (failure: AttemptFailure) => void,
  ) {
    super()
    this.#names = names
    this.#resolve = resolve
    this.#reject = reject
  }

  override encode(out: ByteWriter): void {
    encodeInfoRequest(out, this.#names)
  }

  override receive(type: FrameType, body: ByteReader): boolean {
    if (type !== FRAME_TYPE.info) {
      throw new DecodeError(`frame of type ${type} as the answer to an info request`, body.position)
    }
    this.#resolve(decodeInfoReply(body))
    return true
  }

  override fail(failure: AttemptFailure): void {
    this.#reject(failure)
  }
}

/** The code of an answer that is one error instead of values: nobody is logged in on the connection. */
function loginRefusalIn(values: ReadonlyMap<string, string>): number | undefined {
  const [name = ''] = values.keys()
  const code = values.size === 1 ? parseInfoError(name)?.code : undefined
  return code !== undefined && isLoginLost(code) ? code : undefined
}
