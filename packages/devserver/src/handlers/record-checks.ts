import { FIELD_TYPE, INFO2 } from '@aero/codec'
import type { Request } from '../request.ts'
import type { StoredRecord } from '../store/stored-record.ts'

/** Bytes a bin's name may have. */
const MAX_BIN_NAME_BYTES = 15

/** Whether a read or delete may have the record as far as its set is concerned: no set, an empty one, or the right one. */
export function setMatches(request: Request, record: StoredRecord): boolean {
  return request.fieldLength(FIELD_TYPE.set) === 0 || request.fieldEquals(FIELD_TYPE.set, record.setName)
}

/** Whether the user's key sent, if any, is the one stored, if any. */
export function keyMatches(request: Request, record: StoredRecord): boolean {
  return (
    record.key === undefined ||
    !request.hasField(FIELD_TYPE.key) ||
    request.fieldEquals(FIELD_TYPE.key, record.key)
  )
}

/** What the command demands of the generation. Both flags at once mean equality. 0 stands for a record that is not there. */
export function generationMatches(request: Request, generation: number): boolean {
  if ((request.info2 & INFO2.generation) !== 0) return request.generation === generation
  if ((request.info2 & INFO2.generationGreater) !== 0) return request.generation > generation
  return true
}

/** Whether the operation's bin name is one: short enough, and without NUL. */
export function isBinName(request: Request, index: number): boolean {
  const start = request.nameStart[index] as number
  const end = request.nameEnd[index] as number
  if (end - start > MAX_BIN_NAME_BYTES) return false
  for (let at = start; at < end; at++) {
    if (request.bytes[at] === 0) return false
  }
  return true
}
