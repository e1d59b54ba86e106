/** Which answers a fault concerns: those to commands on records, those to info requests, or both. */
export type FaultTarget = 'records' | 'info' | 'all'

/** What all faults on demand can be told. */
export interface FaultOptions {
  /** Default `'records'`, so that the client's tending goes on undisturbed. */
  readonly on?: FaultTarget
}

/** What an answer becomes. */
export interface AnswerFault {
  readonly on: FaultTarget
  readonly kind: 'drop' | 'cut' | 'stall' | 'garbage' | 'code'
  /** `cut` and `stall`: bytes of the answer that are still sent. `code`: the result code. */
  readonly value: number
  /** Whether the command is carried out before its answer goes wrong. */
  readonly isExecuted: boolean
  /** How many answers are still to go wrong. */
  left: number
}

/** What comes instead of a frame: what a client sees that has connected to something else. */
export const GARBAGE: Uint8Array = new TextEncoder().encode(
  'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n',
)

/** The faults that one node has been told to show, apart from being away. */
export class Faults {
  #faults: AnswerFault[] = []
  #recordDelayMs = 0
  #infoDelayMs = 0
  /** New connections are accepted and then ignored. */
  hangAfterAccept = false

  /** Nothing is wrong with answers: the common case, which costs one look. */
  isQuiet = true

  add(fault: AnswerFault): void {
    if (fault.left > 0) this.#faults.push(fault)
    this.#settle()
  }

  delay(ms: number, on: FaultTarget): void {
    if (on !== 'info') this.#recordDelayMs = ms
    if (on !== 'records') this.#infoDelayMs = ms
    this.#settle()
  }

  /** Takes the fault for the next answer, oldest first. */
  take(isInfo: boolean): AnswerFault | undefined {
    const other: FaultTarget = isInfo ? 'records' : 'info'
    const fault = this.#faults.find(
      (candidate) => candidate.on !== other && (!isInfo || candidate.kind !== 'code'),
    )
    if (fault === undefined) return undefined
    fault.left--
    if (fault.left === 0) this.#faults = this.#faults.filter((candidate) => candidate !== fault)
    this.#settle()
    return fault
  }

  delayMs(isInfo: boolean): number {
    return isInfo ? this.#infoDelayMs : this.#recordDelayMs
  }

  clear(): void {
    this.#faults = []
    this.#recordDelayMs = 0
    this.#infoDelayMs = 0
    this.hangAfterAccept = false
    this.#settle()
  }

  #settle(): void {
    this.isQuiet = this.#faults.length === 0 && this.#recordDelayMs === 0 && this.#infoDelayMs === 0
  }
}
