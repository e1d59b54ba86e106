import { connect, type Socket } from 'node:net'

const HEAD_BYTES = 8
/** A server that says nothing for so long will not say anything. */
const SILENCE_MS = 10_000

/** A connection that takes many requests at once and hands out their answers in order. */
export class Pipeline {
  readonly #socket: Socket
  #left: Buffer = Buffer.alloc(0)
  readonly #frames: Buffer[] = []
  #wanted = 0
  #done: (() => void) | undefined
  #fail: ((error: Error) => void) | undefined

  private constructor(name: string, socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', (error) => this.#fail?.(error))
    socket.on('timeout', () => this.#fail?.(new Error(`${name} did not answer in ${SILENCE_MS} ms`)))
    socket.on('close', () => this.#fail?.(new Error(`${name} closed the connection`)))
  }

  static async open(name: string, host: string, port: number): Promise<Pipeline> {
    const socket = connect(port, host)
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return new Pipeline(name, socket)
  }

  /** The answers, whole frames each. */
  async ask(requests: readonly Uint8Array[]): Promise<Buffer[]> {
    this.#wanted = requests.length
    const answered = new Promise<void>((resolve, reject) => {
      this.#done = resolve
      this.#fail = reject
    })
    this.#socket.setTimeout(SILENCE_MS)
    this.#socket.write(Buffer.concat(requests))
    await answered
    this.#socket.setTimeout(0)
    return this.#frames.splice(0)
  }

  close(): void {
    this.#fail = undefined
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    const bytes = this.#left.length === 0 ? chunk : Buffer.concat([this.#left, chunk])
    let start = 0
    while (bytes.length - start >= HEAD_BYTES) {
      const end = start + HEAD_BYTES + bytes.readUInt32BE(start + 4)
      if (end > bytes.length) break
      this.#frames.push(bytes.subarray(start, end))
      start = end
    }
    this.#left = bytes.subarray(start)
    if (this.#frames.length === this.#wanted) this.#done?.()
  }
}
