import { INFO1, INFO2, INFO3 } from '@aero/codec'
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

const read = (info1: number): VerbBits => ({ info1, info2: 0, info3: 0, isRead: true, missingIsOutcome: true })
const write = (info2: number, info3: number, missingIsOutcome: boolean): VerbBits => ({
  info1: 0,
  info2: INFO2.write | info2,
  info3,
  isRead: false,
  missingIsOutcome,
})

/** The header bits of each verb. `query` gains `getAll` when it names no bins. */
export const VERB_BITS: { readonly [verb in RecordVerb]: VerbBits } = {
  query: read(INFO1.read),
  header: read(INFO1.read | INFO1.noBinData),
  exists: read(INFO1.read | INFO1.noBinData),
  upsert: write(0, 0, false),
  insert: write(INFO2.createOnly, 0, false),
  update: write(0, INFO3.updateOnly, false),
  replace: write(0, INFO3.createOrReplace, false),
  replaceIfExists: write(0, INFO3.replaceOnly, false),
  delete: write(INFO2.delete, 0, true),
  touch: write(0, 0, true),
}
