import type { StoredBin, StoredRecord } from '../store/stored-record.ts'
import type { Computed } from './computed.ts'

/** The record that an expression is evaluated on. */
export interface Subject {
  readonly record: StoredRecord
  /** The bins as they are at this point of the command. */
  readonly bins: readonly StoredBin[]
  /** Seconds since 2010; 0 = never. Of a record that is being written, what the write makes of it. */
  readonly voidTime: number
  /** Milliseconds since 1970, likewise. */
  readonly updatedAt: number
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The element that a filter or a modification by path looks at, packed. */
export interface LoopElement {
  readonly key: Uint8Array | undefined
  readonly value: Uint8Array | undefined
  readonly index: Uint8Array | undefined
}

/** One evaluation: what is known, and the variables so far. */
export class Evaluation {
  /** `undefined` inside a path, where neither bins nor metadata are known. */
  readonly subject: Subject | undefined
  readonly element: LoopElement | undefined
  readonly variables: Computed[] = []

  constructor(subject: Subject | undefined, element?: LoopElement) {
    this.subject = subject
    this.element = element
  }
}

/** An expression, checked and ready. */
export interface Expression {
  /** What it gives if it is known: a number of STATIC_TYPE. */
  readonly type: number
  /** The literal `unknown`, which a case may give whatever the others give. */
  readonly isUnknown?: boolean
  /** The value stands in the expression, as it was sent. */
  readonly isLiteral?: boolean
  readonly evaluate: (evaluation: Evaluation) => Computed
}
