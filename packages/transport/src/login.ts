import {
  type AuthenticateRequest,
  ByteWriter,
  decodeAdminReply,
  decodeInfoReply,
  decodeLoginReply,
  encodeInfoRequest,
  encodeLoginRequest,
  FRAME_TYPE,
  FrameDecoder,
  type LoginRequest,
  parseHostList,
  parseInfoError,
  RESULT_CODE,
} from '@aero/codec'
import type { Clock } from './clock.ts'
import { asError } from './connection.ts'
import type { Credentials } from './credentials.ts'
import { Endpoint } from './endpoint.ts'
import { ConnectFailedError, CredentialsError, LoginFailedError } from './errors.ts'
import { hashPassword } from './password.ts'
import { type LoginOutcome, Sessions, type SessionWaiter } from './sessions.ts'
import type { Socket, SocketEvents, SocketOpener } from './socket.ts'

/** What logging in needs to know. */
export interface LoginOptions {
  readonly credentials: Credentials
  /** Opens the sockets through which logins go, and everything else unless there is {@link LoginOptions.plain}. */
  readonly opener: SocketOpener
  readonly clock: Clock
  /** How long a server may take to let us in, in milliseconds; default 5000. */
  readonly loginTimeoutMs?: number
  /** Logins only go through `opener`; commands go through plain sockets, to the addresses that nodes publish for those. */
  readonly plain?: PlainAfterLogin
}

/** Plain connections after a login through TLS. The session's token travels in the clear. */
export interface PlainAfterLogin {
  readonly opener: SocketOpener
  /** The alternate addresses instead of the standard ones. */
  readonly useServicesAlternate?: boolean
  /** The host to connect to for a published one. */
  readonly translate?: (host: string) => string
}

/** A connection gives up when this many sessions were refused, one after the other. */
const MOST_REFUSALS = 3
const DEFAULT_LOGIN_TIMEOUT_MS = 5000
/** No answer to a login is longer. */
const LONGEST_ANSWER_BYTES = 1024 * 1024

/** Codes with which a connection may be used. */
function isWelcome(resultCode: number): boolean {
  return resultCode === 0 || resultCode === RESULT_CODE.SECURITY_NOT_ENABLED
}

/**
 * Opens sockets that have logged in: a socket is open only when the server has let us in. The first connection to a node logs in, the
 * others use its session; a session is renewed before it expires, and once when the server refuses it.
 *
 * What it is given is not to be seen from outside: not in errors, not when it is printed.
 *
 * @example
 * ```ts
 * import { LoginSocketOpener, systemClock, TcpSocketOpener } from '@aero/transport'
 *
 * const opener = new LoginSocketOpener({
 *   credentials: { mode: 'internal', user: 'ann', password: 'secret' },
 *   opener: new TcpSocketOpener(),
 *   clock: systemClock,
 * })
 * console.log(opener.loginMs) // 5000
 * ```
 */
export class LoginSocketOpener implements SocketOpener {
  readonly pipelines: boolean
  readonly secure: boolean
  readonly services: 'clear' | 'tls'
  readonly loginMs: number
  readonly #parts: LoginParts

  /**
   * @throws CredentialsError when a password would have to be sent in the clear, or a certificate is to say who we are and there is no
   * TLS. Nothing has been opened then.
   */
  constructor(options: LoginOptions) {
    const { credentials, opener, clock, plain } = options
    if (credentials.mode !== 'internal' && opener.secure !== true) {
      throw new CredentialsError(
        credentials.mode === 'pki'
          ? 'a certificate can say who the client is only through TLS, which is not configured'
          : 'an external authority needs the password itself, which is sent only through TLS, and TLS is not configured',
      )
    }
    const data = plain?.opener ?? opener
    this.pipelines = data.pipelines ?? true
    this.secure = data.secure ?? false
    this.services = opener.services ?? 'clear'
    this.loginMs = options.loginTimeoutMs ?? DEFAULT_LOGIN_TIMEOUT_MS
    this.#parts = {
      secrets: new Secrets(credentials),
      opener,
      plain,
      clock,
      loginMs: this.loginMs,
      sessions: new Sessions(clock, (endpoint) => this.#renew(endpoint)),
    }
  }

  open(endpoint: Endpoint, events: SocketEvents): Socket {
    return new LoginSocket(this.#parts, endpoint, events, 'connection')
  }

  /** Forgets the session with a node, which has refused it: the next connection logs in. */
  forgetSession(endpoint: Endpoint): void {
    this.#parts.sessions.forget(endpoint, undefined)
  }

  /** Logs in with this password from now on: the user's own was changed. */
  usePassword(password: string): void {
    this.#parts.secrets.usePassword(password)
  }

  #renew(endpoint: Endpoint): void {
    const { clock, loginMs } = this.#parts
    const renewal = new LoginSocket(this.#parts, endpoint, IGNORED, 'renewal')
    // Nobody waits for it, so nobody else gives it up.
    const cancel = clock.after(2 * loginMs, () => renewal.giveUp())
    renewal.onEnd = cancel
    renewal.hold(false)
  }
}

const IGNORED: SocketEvents = {
  socketOpened() {},
  socketBytes() {},
  socketDrained() {},
  socketClosed() {},
}

/** What an opener and its sockets share. */
interface LoginParts {
  readonly secrets: Secrets
  readonly opener: SocketOpener
  readonly plain: PlainAfterLogin | undefined
  readonly clock: Clock
  readonly loginMs: number
  readonly sessions: Sessions
}

/** The credentials, out of sight. */
class Secrets {
  readonly #credentials: Credentials
  #password: string
  #hash: Promise<string> | undefined = undefined

  constructor(credentials: Credentials) {
    this.#credentials = credentials
    this.#password = credentials.mode === 'pki' ? '' : credentials.password
  }

  usePassword(password: string): void {
    this.#password = password
    this.#hash = undefined
  }

  async login(): Promise<LoginRequest> {
    const credentials = this.#credentials
    if (credentials.mode === 'pki') return { command: 'login' }
    const { user } = credentials
    const clearPassword = this.#password
    this.#hash ??= hashPassword(clearPassword)
    const request = { command: 'login', user, credential: await this.#hash } as const
    return credentials.mode === 'external' ? { ...request, clearPassword } : request
  }

  authenticate(sessionToken: Uint8Array): AuthenticateRequest {
    const credentials = this.#credentials
    if (credentials.mode === 'pki') return { command: 'authenticate', sessionToken }
    return { command: 'authenticate', user: credentials.user, sessionToken }
  }
}

/**
 * What is awaited: the other's login (`wait`), the socket below and then the answer to one of three requests, nothing (`enter`: the
 * socket below, which is enough when security is switched off), or nothing more.
 */
type Step = 'wait' | 'login' | 'services' | 'authenticate' | 'enter' | 'open' | 'closed'

class LoginSocket implements Socket, SocketEvents, SessionWaiter {
  readonly #parts: LoginParts
  readonly #endpoint: Endpoint
  readonly #events: SocketEvents
  readonly #isRenewal: boolean
  #step: Step = 'wait'
  /** The socket below; another one takes its place when a session was refused or plain connections begin. */
  #socket: Socket | undefined = undefined
  #frames = new FrameDecoder(LONGEST_ANSWER_BYTES)
  #token: Uint8Array | undefined = undefined
  /** How many sessions were refused. Not endlessly; and more than one, as others open and lose them at the same time. */
  #refusals = 0
  #isHeld = true
  /** Called once, at the end of a renewal. */
  onEnd: () => void = () => {}

  constructor(
    parts: LoginParts,
    endpoint: Endpoint,
    events: SocketEvents,
    purpose: 'connection' | 'renewal',
  ) {
    this.#parts = parts
    this.#endpoint = endpoint
    this.#events = events
    this.#isRenewal = purpose === 'renewal'
    this.#begin()
  }

  /** There was no answer, and there is no time left. */
  giveUp(): void {
    this.#fail(new LoginFailedError(this.#endpoint, undefined, 'the server does not answer the login'))
  }

  // ── Socket ──

  write(bytes: Uint8Array, length: number): boolean {
    return this.#socket?.write(bytes, length) ?? true
  }

  read(on: boolean): void {
    this.#socket?.read(on)
  }

  hold(on: boolean): void {
    this.#isHeld = on
    this.#socket?.hold(on)
  }

  close(): void {
    if (this.#step === 'closed') return
    const wasOpen = this.#step === 'open'
    this.#step = 'closed'
    this.#socket?.close()
    const { sessions } = this.#parts
    if (wasOpen) sessions.unuse(this.#endpoint)
    else sessions.leave(this.#endpoint, this)
    this.onEnd()
  }

  // ── SocketEvents, from the socket below ──

  socketAdvanced(stage: string, ms?: number): void {
    if (this.#step !== 'closed') this.#events.socketAdvanced?.(stage, ms)
  }

  socketOpened(): void {
    switch (this.#step) {
      case 'login':
        this.#events.socketAdvanced?.('login', this.#parts.loginMs)
        void this.#sendLogin()
        break
      case 'authenticate':
        this.#events.socketAdvanced?.('login', this.#parts.loginMs)
        if (this.#token === undefined) this.#finish()
        else this.#send(this.#parts.secrets.authenticate(this.#token))
        break
      case 'enter':
        this.#finish()
        break
    }
  }

  socketBytes(chunk: Uint8Array, length: number): void {
    if (this.#step === 'open') {
      this.#events.socketBytes(chunk, length)
      return
    }
    const frames = this.#frames
    try {
      frames.push(chunk, length)
      if (frames.next()) this.#answered(frames)
      frames.settle()
    } catch (error) {
      // Its message may show what came: perhaps a token.
      this.#fail(
        new LoginFailedError(
          this.#endpoint,
          undefined,
          `the answer to the login cannot be read (${asError(error).name})`,
        ),
      )
    }
  }

  socketDrained(): void {
    if (this.#step === 'open') this.#events.socketDrained()
  }

  socketClosed(cause: Error | undefined): void {
    if (this.#step === 'open') {
      this.#step = 'closed'
      this.#parts.sessions.unuse(this.#endpoint)
      this.#events.socketClosed(cause)
    } else if (this.#step === 'authenticate' && cause === undefined && this.#token !== undefined) {
      // Some servers may say so when they do not know the session.
      this.#refuse(undefined)
    } else {
      this.#fail(
        cause ??
          new LoginFailedError(
            this.#endpoint,
            undefined,
            'the server closed the connection during the login',
          ),
      )
    }
  }

  // ── SessionWaiter ──

  loginSettled(outcome: LoginOutcome): void {
    if (this.#step !== 'wait') return
    if (outcome instanceof Error) this.#fail(outcome)
    else if (outcome === 'no-security') this.#connectForData('enter')
    else this.#begin()
  }

  // ── Steps ──

  #begin(): void {
    const { sessions, opener, clock, loginMs } = this.#parts
    const token = this.#isRenewal ? undefined : sessions.tokenFor(this.#endpoint)
    if (token !== undefined) {
      this.#token = token
      this.#connectForData('authenticate')
    } else if (sessions.lead(this.#endpoint, this)) this.#connect(opener, this.#endpoint, 'login')
    else if (this.#isRenewal) this.close()
    else {
      this.#step = 'wait'
      // Not before open() has returned.
      clock.soon(() => {
        if (this.#step === 'wait') this.#events.socketAdvanced?.('login', 2 * loginMs)
      })
    }
  }

  #connectForData(step: 'authenticate' | 'enter'): void {
    const { opener, plain, sessions } = this.#parts
    if (plain === undefined) {
      this.#connect(opener, this.#endpoint, step)
      return
    }
    const [first] = sessions.plainFor(this.#endpoint)
    if (first !== undefined) this.#connect(plain.opener, first, step)
    else {
      // The session is known and the addresses are not: cannot be, as they are learned first.
      sessions.forget(this.#endpoint, undefined)
      this.#fail(
        new LoginFailedError(this.#endpoint, undefined, 'no addresses for plain connections are known'),
      )
    }
  }

  #connect(opener: SocketOpener, endpoint: Endpoint, step: Step): void {
    this.#step = step
    this.#frames = new FrameDecoder(LONGEST_ANSWER_BYTES)
    const before = this.#socket
    this.#socket = undefined
    before?.close()
    try {
      this.#socket = opener.open(endpoint, this)
    } catch (error) {
      // Such as a port out of range. Told later, as any failure.
      this.#parts.clock.soon(() => this.#fail(asError(error)))
      return
    }
    if (!this.#isHeld) this.#socket.hold(false)
  }

  async #sendLogin(): Promise<void> {
    const socket = this.#socket
    try {
      const request = await this.#parts.secrets.login()
      if (this.#step === 'login' && this.#socket === socket) this.#send(request)
    } catch (error) {
      this.#fail(asError(error))
    }
  }

  #send(request: LoginRequest | AuthenticateRequest): void {
    const out = new ByteWriter(256)
    try {
      encodeLoginRequest(out, request)
    } catch (error) {
      this.#fail(asError(error))
      return
    }
    // Where the memory is free again, the secret need not stay in it.
    if (this.#socket?.write(out.bytes, out.position) === true) out.bytes.fill(0)
  }

  #answered({ type, body }: FrameDecoder): void {
    const { sessions, plain } = this.#parts
    if (this.#step === 'services' && type === FRAME_TYPE.info) {
      this.#learnPlain(decodeInfoReply(body))
      return
    }
    if (type !== FRAME_TYPE.admin) throw new Error(`a frame of type ${type}`)
    if (this.#step === 'authenticate') {
      const code = decodeAdminReply(body)
      if (isWelcome(code)) this.#finish()
      else this.#refuse(code)
    } else if (this.#step === 'login') {
      const { resultCode, sessionToken, sessionTtl } = decodeLoginReply(body)
      if (!isWelcome(resultCode)) {
        this.#fail(new LoginFailedError(this.#endpoint, resultCode))
        return
      }
      this.#token = resultCode === 0 ? sessionToken : undefined
      if (this.#token !== undefined) sessions.store(this.#endpoint, this.#token, sessionTtl)
      if (plain === undefined) this.#loggedIn()
      else this.#askForPlain(plain)
    } else throw new Error('an answer to nothing')
  }

  /** The login is done, and what belongs to it. */
  #loggedIn(): void {
    this.#parts.sessions.settle(this.#endpoint, this, this.#token === undefined ? 'no-security' : 'session')
    if (this.#isRenewal) this.close()
    else if (this.#parts.plain === undefined) this.#finish()
    else this.#connectForData(this.#token === undefined ? 'enter' : 'authenticate')
  }

  #askForPlain(plain: PlainAfterLogin): void {
    this.#step = 'services'
    const out = new ByteWriter(64)
    encodeInfoRequest(out, [servicesName(plain)])
    this.#socket?.write(out.bytes, out.position)
  }

  #learnPlain(answer: ReadonlyMap<string, string>): void {
    const { plain, sessions } = this.#parts
    if (plain === undefined) return
    const text = answer.get(servicesName(plain)) ?? ''
    const hosts = text === '' || parseInfoError(text) !== undefined ? [] : parseHostList(text)
    if (hosts.length === 0) {
      sessions.forget(this.#endpoint, undefined)
      this.#fail(
        new LoginFailedError(
          this.#endpoint,
          undefined,
          `the server publishes no addresses for plain connections (${servicesName(plain)}: '${text.slice(0, 80)}')`,
        ),
      )
      return
    }
    const { translate = (host: string) => host } = plain
    const endpoints = hosts.map(({ host, port }) => new Endpoint(translate(host), port))
    // The one through which we came is known to be reachable.
    endpoints.sort((a, b) => Number(b.host === this.#endpoint.host) - Number(a.host === this.#endpoint.host))
    sessions.setPlain(this.#endpoint, endpoints)
    this.#loggedIn()
  }

  /** The session was not taken: once, another one is asked for. */
  #refuse(resultCode: number | undefined): void {
    this.#parts.sessions.forget(this.#endpoint, this.#token)
    if (++this.#refusals === MOST_REFUSALS) this.#fail(new LoginFailedError(this.#endpoint, resultCode))
    else {
      this.#socket?.close()
      this.#socket = undefined
      this.#begin()
    }
  }

  #finish(): void {
    this.#step = 'open'
    this.#parts.sessions.use(this.#endpoint)
    this.#events.socketOpened()
  }

  #fail(cause: Error): void {
    if (this.#step === 'closed' || this.#step === 'open') return
    const { sessions, plain } = this.#parts
    const atPlain = plain !== undefined && (this.#step === 'authenticate' || this.#step === 'enter')
    if (atPlain && !(cause instanceof LoginFailedError)) {
      // The next attempt tries another of the addresses.
      const [first, ...others] = sessions.plainFor(this.#endpoint)
      if (first !== undefined) sessions.setPlain(this.#endpoint, [...others, first])
    }
    this.#step = 'closed'
    this.#socket?.close()
    const reason =
      cause instanceof ConnectFailedError
        ? cause
        : new ConnectFailedError(this.#endpoint, cause.message, cause)
    sessions.settle(this.#endpoint, this, reason)
    this.onEnd()
    this.#events.socketClosed(cause)
  }
}

function servicesName({ useServicesAlternate = false }: PlainAfterLogin): string {
  return useServicesAlternate ? 'service-clear-alt' : 'service-clear-std'
}
