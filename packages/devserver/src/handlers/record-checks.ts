import { FIELD_TYPE, INFO2 } from '@aero/codec'
import type { Clock } from '../clock.ts'
import type { Subject } from '../evaluate/evaluation.ts'
import { compileFilter, type Filter } from '../evaluate/filter.ts'
import type { Request } from '../request.ts'
import { RESULT } from '../result-code.ts'
import type { StoredBin, StoredRecord } from '../store/stored-record.ts'

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

/** The record as an expression sees it, with its bins as they are at this point of the command. */
export function subjectOf(
  record: StoredRecord,
  clock: Clock,
  bins: readonly StoredBin[] = record.bins,
): Subject {
  const { voidTime, updatedAt } = record
  return { record, bins, voidTime, updatedAt, now: clock.now() }
}

/** The command's filter: `undefined` when it has none, a result code when it has one that is none. */
export function filterOf(request: Request): Filter | undefined | number {
  if (!request.hasField(FIELD_TYPE.filter)) return undefined
  return compileFilter(request.copyField(FIELD_TYPE.filter)) ?? RESULT.parameter
}

/** Whether the command's filter, if any, lets it have the record. A result code. */
export function checkFilter(request: Request, record: StoredRecord, clock: Clock): number {
  const filter = filterOf(request)
  if (filter === undefined || typeof filter === 'number') return filter ?? RESULT.ok
  return filter.passes(subjectOf(record, clock)) ? RESULT.ok : RESULT.filteredOut
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
