import type { Endpoint } from './endpoint.ts'

/** A byte stream to one endpoint. What is below it, TCP or TLS or memory, nobody above can tell. */
export interface Socket {
  /**
   * Hands over `bytes[0 … length)`.
   *
   * @returns `true` when the memory may be used again at once; `false` when the socket keeps it. Then
   * {@link SocketEvents.socketDrained} will be called, and until then nothing should be written.
   */
  write(bytes: Uint8Array, length: number): boolean
  /** Whether this socket keeps the process alive. It does from the beginning. */
  hold(on: boolean): void
  /** Whether what arrives is taken. It is from the beginning; while not, the other end is held up when the buffers are full. */
  read(on: boolean): void
  /** Drops the connection. No event follows. */
  close(): void
}

/** What happens at a socket. Methods of one object instead of listeners: nothing is allocated for an event. */
export interface SocketEvents {
  /**
   * Opening has come to a further stage, such as `'TLS handshake'` or `'login'`: what is waited for from now on. With `ms` the stage
   * may take so long, whatever time was left; without, the time allowed runs on.
   */
  socketAdvanced?(stage: string, ms?: number): void
  /** Ready to be written to (with TLS: after the handshake; with a login: after that). */
  socketOpened(): void
  /** `chunk[0 … length)` has arrived. The memory is the socket's: it is used again when this returns. */
  socketBytes(chunk: Uint8Array, length: number): void
  /** Everything written has left. */
  socketDrained(): void
  /** The end, also of an attempt to connect; without a cause when the other end closed in order. Called once. */
  socketClosed(cause: Error | undefined): void
}

/** Opens sockets. `open` returns at once; whether it succeeded is told through `events`, never before `open` returns. */
export interface SocketOpener {
  /**
   * `false` where no request may be sent before the one before it was answered, as over TLS; a pool obeys, whatever its options say.
   * Default `true`.
   */
  readonly pipelines?: boolean
  /** What is written is encrypted. Default `false`. */
  readonly secure?: boolean
  /** Which of the addresses that nodes publish are meant for these sockets; default `'clear'`. */
  readonly services?: 'clear' | 'tls'
  /** Forgets the session with a server that has refused it: what is opened from now on logs in. Only where there are logins. */
  forgetSession?(endpoint: Endpoint): void
  /** Opening may take so many milliseconds beyond connecting, for a login; default 0. */
  readonly loginMs?: number
  open(endpoint: Endpoint, events: SocketEvents): Socket
}
