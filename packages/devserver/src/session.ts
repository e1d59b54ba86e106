import type { Socket } from 'node:net'
import { ByteWriter, CodecError, FRAME_TYPE, FrameDecoder } from '@aero/codec'
import type { Clock } from './clock.ts'
import { type AnswerFault, type Faults, GARBAGE } from './faults.ts'
import type { PendingAnswer } from './handlers/pending-answer.ts'
import { writeResult } from './reply.ts'
import { resetSocket } from './server.ts'

/** Answers are handed to the socket when this many bytes have gathered, or when the chunk of requests is worked off. */
const FLUSH_BYTES = 256 * 1024
/** With this many bytes of answers unsent the connection is read no further: a client that does not read costs no more. */
const MAX_UNSENT_BYTES = 1024 * 1024

/** Writes the answer to the frame that the decoder stands at; returns the rest of it when it is one in pieces. */
export type AnswerFrame = (frames: FrameDecoder, out: ByteWriter) => PendingAnswer | undefined

interface LateAnswer {
  readonly due: number
  readonly bytes: Uint8Array
  readonly closes: boolean
}

/** One connection: bytes to frames to answers, in order, with the node's faults on the way out. */
export class Session {
  readonly #socket: Socket
  readonly #answer: AnswerFrame
  readonly #faults: Faults
  readonly #clock: Clock
  readonly #frames = new FrameDecoder()
  readonly #out = new ByteWriter(4096)
  /** Answers that wait for their time; what comes behind waits for them. */
  readonly #late: LateAnswer[] = []
  #lateBytes = 0
  #isAwaitingDue = false
  #isPaused = false
  /** An answer in pieces that is under way; nothing else is answered before its end. */
  #pending: PendingAnswer | undefined = undefined
  /** Frames of the current chunk are still to be worked off. */
  #isBehind = false
  #isClosing = false
  /** Nothing more is ever answered here. */
  #isStalled = false
  readonly #ignores: boolean
  readonly #onPipelined: (() => void) | undefined
  /** Requests of the current chunk that have been answered. */
  #answered = 0

  constructor(
    socket: Socket,
    options: {
      readonly answer: AnswerFrame
      readonly faults: Faults
      readonly clock: Clock
      /** Told of each request that comes before the one ahead of it was answered, where that matters. */
      readonly onPipelined?: (() => void) | undefined
    },
  ) {
    this.#socket = socket
    this.#answer = options.answer
    this.#faults = options.faults
    this.#clock = options.clock
    this.#onPipelined = options.onPipelined
    this.#ignores = options.faults.hangAfterAccept
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('drain', () => this.#workOff())
    // A client that goes away without a word is nothing to report.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#abandon())
  }

  /** Neither reads nor answers until {@link resume}. */
  pause(): void {
    this.#isPaused = true
    this.#socket.pause()
  }

  resume(): void {
    this.#isPaused = false
    this.#sendDue()
    this.#workOff()
  }

  /** Ends the connection at once, as when the process dies. */
  kill(): void {
    this.#isClosing = true
    resetSocket(this.#socket)
  }

  /** What was being answered is answered no further. */
  #abandon(): void {
    this.#pending?.abandon()
    this.#pending = undefined
  }

  #receive(chunk: Buffer): void {
    if (this.#ignores || this.#isStalled || this.#isClosing) return
    // Not the Buffer itself: its slice() shares memory, and what is stored must not keep whole chunks alive or change with them.
    this.#frames.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length))
    this.#isBehind = true
    this.#answered = this.#late.length + (this.#pending === undefined ? 0 : 1)
    this.#workOff()
  }

  /** Answers frames until the chunk is used up, or the client should read first. */
  #workOff(): void {
    while (this.#isBehind && !this.#isHeld()) this.#workOffOne()
    if (this.#isClosing) return
    this.#flush()
    if (this.#isHeld()) this.#socket.pause()
    else if (this.#socket.isPaused()) this.#socket.resume()
  }

  #workOffOne(): void {
    if (this.#pending !== undefined) {
      if (!this.#pending.writeNext(this.#out)) this.#pending = undefined
      if (this.#out.position >= FLUSH_BYTES) this.#flush()
      return
    }
    try {
      if (!this.#frames.next()) {
        this.#frames.settle()
        this.#isBehind = false
        return
      }
    } catch (error) {
      if (!(error instanceof CodecError)) throw error
      this.#reset()
      return
    }
    if (this.#answered++ > 0) this.#onPipelined?.()
    if (this.#faults.isQuiet) this.#pending = this.#answer(this.#frames, this.#out)
    else this.#answerFaultily()
    if (this.#out.position >= FLUSH_BYTES) this.#flush()
  }

  #isHeld(): boolean {
    return (
      this.#isPaused ||
      this.#isClosing ||
      this.#socket.destroyed ||
      this.#socket.writableLength + this.#lateBytes > MAX_UNSENT_BYTES
    )
  }

  #flush(): void {
    if (this.#out.position > 0) this.#send(this.#out.take(), 0, false)
  }

  /** What breaks the framing ends the connection without an answer. */
  #reset(): void {
    const isAnswered =
      this.#out.position === 0 && this.#late.length === 0 && this.#socket.writableLength === 0
    if (isAnswered) {
      this.kill()
      return
    }
    this.#flush()
    this.#isClosing = true
    this.#socket.destroySoon()
  }

  #answerFaultily(): void {
    this.#flush()
    const isInfo = this.#frames.type === FRAME_TYPE.info
    const delayMs = this.#faults.delayMs(isInfo)
    const fault = this.#faults.take(isInfo)
    if (fault === undefined) {
      this.#answerWhole()
      this.#send(this.#out.take(), delayMs, false)
      return
    }
    this.#writeFaulty(fault)
    this.#isBehind = this.#isBehind && fault.kind === 'code'
    const closes = fault.kind !== 'code' && fault.kind !== 'stall'
    this.#send(this.#out.take(), delayMs, closes)
    this.#isStalled = fault.kind === 'stall'
  }

  /** An answer that is sent late is made whole first. */
  #answerWhole(): void {
    this.#answerUpTo(Number.POSITIVE_INFINITY)
  }

  /** Makes at least so many bytes of an answer. What then is left of it stays under way until the connection ends. */
  #answerUpTo(bytes: number): void {
    const pending = this.#answer(this.#frames, this.#out)
    if (pending === undefined) return
    let isMore = true
    while (isMore && this.#out.position < bytes) isMore = pending.writeNext(this.#out)
    if (isMore) this.#pending = pending
  }

  #writeFaulty(fault: AnswerFault): void {
    const out = this.#out
    const isPart = fault.kind === 'cut' || fault.kind === 'stall'
    if (fault.isExecuted) this.#answerUpTo(isPart ? fault.value : Number.POSITIVE_INFINITY)
    switch (fault.kind) {
      case 'drop':
        out.position = 0
        break
      case 'cut':
      case 'stall':
        out.position = Math.min(out.position, fault.value)
        break
      case 'garbage':
        out.position = 0
        out.copy(GARBAGE)
        break
      case 'code':
        writeResult(out, fault.value)
    }
  }

  #send(bytes: Uint8Array, delayMs: number, closes: boolean): void {
    if (delayMs === 0 && this.#late.length === 0) {
      this.#sendNow(bytes, closes)
      return
    }
    const last = this.#late[this.#late.length - 1]
    // Answers keep their order, so none is due before the one ahead of it.
    const due = Math.max(this.#clock.now() + delayMs, last?.due ?? 0)
    this.#late.push({ due, bytes, closes })
    this.#lateBytes += bytes.length
    this.#awaitDue()
  }

  /** One timer for the answer that is due first. It may fire a little early, and then waits once more. */
  #awaitDue(): void {
    const next = this.#late[0]
    if (next === undefined || this.#isAwaitingDue) return
    this.#isAwaitingDue = true
    this.#clock.after(next.due - this.#clock.now(), () => {
      this.#isAwaitingDue = false
      this.#sendDue()
    })
  }

  #sendDue(): void {
    if (this.#isPaused) return
    const now = this.#clock.now()
    for (let next = this.#late[0]; next !== undefined && next.due <= now; next = this.#late[0]) {
      this.#late.shift()
      this.#lateBytes -= next.bytes.length
      this.#sendNow(next.bytes, next.closes)
    }
    this.#awaitDue()
    this.#workOff()
  }

  #sendNow(bytes: Uint8Array, closes: boolean): void {
    if (this.#socket.destroyed) return
    if (bytes.length > 0) this.#socket.write(bytes)
    if (!closes) return
    this.#isClosing = true
    this.#socket.destroySoon()
  }
}
