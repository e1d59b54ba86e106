import {
  type ByteReader,
  type ByteWriter,
  beginFrame,
  endFrame,
  FRAME_TYPE,
  type FrameType,
} from '@aero/codec'
import { type AttemptFailure, Exchange, type LastFrameTest } from '../src/index.ts'

/** One frame with `text` as its body, built by hand. */
export function frame(text: string, type: number = FRAME_TYPE.message): Uint8Array {
  const body = new TextEncoder().encode(text)
  const bytes = new Uint8Array(8 + body.length)
  bytes.set([2, type, 0, 0, 0, 0, body.length >> 8, body.length & 0xff])
  bytes.set(body, 8)
  return bytes
}

/** Several frames, one behind another. */
export function frames(...texts: readonly string[]): Uint8Array {
  const parts = texts.map((text) => frame(text))
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** The bodies of the whole frames in `bytes`, cut by hand. */
export function bodiesOf(bytes: Uint8Array): string[] {
  const bodies: string[] = []
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 4)
    bodies.push(new TextDecoder().decode(bytes.subarray(at + 8, at + 8 + length)))
    at += 8 + length
  }
  return bodies
}

/** An exchange that keeps a diary. */
export class Probe extends Exchange {
  readonly text: string
  readonly answers: string[] = []
  readonly failures: AttemptFailure[] = []
  /** How often it has ended, either way. */
  ends = 0
  readonly done: Promise<this>
  /** Hooks of a test; what they throw is thrown by the callback. */
  onEncode: (out: ByteWriter) => void = () => {}
  onReceive: (text: string) => boolean = () => true
  onFail: (failure: AttemptFailure) => void = () => {}
  lastFrame: LastFrameTest | undefined = () => true
  isRead = false
  #resolve!: (probe: this) => void

  constructor(text: string, deadline: number = Number.POSITIVE_INFINITY) {
    super()
    this.text = text
    this.deadline = deadline
    this.done = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  override encode(out: ByteWriter): void {
    const mark = beginFrame(out, FRAME_TYPE.message)
    out.text(this.text)
    this.onEncode(out)
    endFrame(out, mark)
  }

  override receive(_type: FrameType, body: ByteReader): boolean {
    const text = body.text(body.remaining)
    this.answers.push(text)
    const isLast = this.onReceive(text)
    if (isLast) this.ends++
    if (isLast) this.#resolve(this)
    return isLast
  }

  override fail(failure: AttemptFailure): void {
    this.failures.push(failure)
    this.ends++
    this.#resolve(this)
    this.onFail(failure)
  }

  override get lastFrameTest(): LastFrameTest | undefined {
    return this.lastFrame
  }

  override get repeatable(): boolean {
    return this.isRead
  }

  /** How it ended: `answer …`, `kind/phase`, or `nothing`; several ends are all told. */
  get outcome(): string {
    const ends = [
      ...this.answers.map((text) => `answer ${text}`),
      ...this.failures.map(({ kind, phase }) => `${kind}/${phase}`),
    ]
    return ends.length === 0 ? 'nothing' : ends.join(', ')
  }
}
