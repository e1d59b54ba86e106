import { connect, type Socket } from 'node:net'

/** A socket that sends bytes as they are and hands out the frames that come back, whole and in order. */
export class RawClient {
  readonly #socket: Socket
  #received: Uint8Array = new Uint8Array(0)
  #wake: () => void = () => {}
  #isClosed = false

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#received = new Uint8Array(Buffer.concat([this.#received, chunk]))
      this.#wake()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#isClosed = true
      this.#wake()
    })
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1')
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return new RawClient(socket)
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** What has come and not been taken. */
  get unread(): Uint8Array {
    return this.#received
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }

  /** Reads no further, so that the server's answers pile up. */
  stopReading(): void {
    this.#socket.pause()
  }

  resumeReading(): void {
    this.#socket.resume()
  }

  /** The next whole frame, header included. Rejects when the connection ends first. */
  async frame(): Promise<Uint8Array> {
    for (;;) {
      const frame = this.#take()
      if (frame !== undefined) return frame
      if (this.#isClosed) throw new Error(`connection closed after ${this.#received.length} bytes of a frame`)
      await this.#change()
    }
  }

  /** Sends one frame and waits for one. */
  ask(bytes: Uint8Array): Promise<Uint8Array> {
    this.send(bytes)
    return this.frame()
  }

  /** Resolves when the other end has closed the connection. */
  async closed(): Promise<void> {
    while (!this.#isClosed) await this.#change()
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(): Uint8Array | undefined {
    if (this.#received.length < 8) return undefined
    const view = new DataView(this.#received.buffer, this.#received.byteOffset, this.#received.byteLength)
    const length = 8 + view.getUint16(2) * 2 ** 32 + view.getUint32(4)
    if (this.#received.length < length) return undefined
    const frame = this.#received.slice(0, length)
    this.#received = this.#received.subarray(length)
    return frame
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
