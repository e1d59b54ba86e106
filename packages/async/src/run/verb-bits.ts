import {
  DELETE_BITS,
  EXISTS_BITS,
  INFO1,
  INFO2,
  isWriteOperation,
  OPERATION_TYPE,
  type Operation,
  READ_HEADER_BITS,
  TOUCH_BITS,
  WRITE_MODE_BITS,
  type WriteMode,
} from '@aero/codec'
import type { RecordVerb } from '../plan/plan.ts'

/** What a verb says in the message header, and what it means to the runner. */
export interface VerbBits {
  readonly info1: number
  readonly info2: number
  readonly info3: number
  /** Nothing is changed on the server. */
  readonly isRead: boolean
  /** A missing record is an outcome (a row with code 2), not an error. */
  readonly missingIsOutcome: boolean
}

const read = (info1: number): VerbBits => ({
  info1,
  info2: 0,
  info3: 0,
  isRead: true,
  missingIsOutcome: true,
})
const write = (mode: WriteMode): VerbBits => ({
  info1: 0,
  ...WRITE_MODE_BITS[mode],
  isRead: false,
  missingIsOutcome: false,
})
const change = (info2: number): VerbBits => ({
  info1: 0,
  info2,
  info3: 0,
  isRead: false,
  missingIsOutcome: true,
})

/** The header bits of each verb. `query` gains `getAll` when it names no bins. */
export const VERB_BITS: { readonly [verb in RecordVerb]: VerbBits } = {
  query: read(INFO1.read),
  header: read(READ_HEADER_BITS),
  exists: read(EXISTS_BITS),
  upsert: write('upsert'),
  insert: write('insert'),
  update: write('update'),
  replace: write('replace'),
  replaceIfExists: write('replaceIfExists'),
  delete: change(DELETE_BITS),
  touch: change(TOUCH_BITS),
  // The function is called for a record that is not there, too.
  executeUdf: { info1: 0, info2: INFO2.write, info3: 0, isRead: false, missingIsOutcome: false },
}

/** Whether the answer to an operation may hold something: those on lists, maps and HyperLogLogs tell what their writes did. */
export function mayYield({ type }: Operation): boolean {
  return (
    !isWriteOperation(type) ||
    type === OPERATION_TYPE.collectionModify ||
    type === OPERATION_TYPE.hyperLogLogModify
  )
}
