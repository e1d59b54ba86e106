import type { ByteWriter } from '@aero/codec'
import { writeResult } from '../reply.ts'
import { RESULT } from '../result-code.ts'
import { checkDurability } from './durability.ts'
import { checkFilter, generationMatches, keyMatches, setMatches } from './record-checks.ts'
import type { RecordCommand } from './record-command.ts'

/** Deletes one record. Source: as/src/transaction/delete.c and delete_ce.c. */
export function deleteRecord(command: RecordCommand, out: ByteWriter): number {
  return writeResult(out, deleteResult(command))
}

/** Operations are not looked at, nor a transaction, nor whether the record has expired: so does the server. */
function deleteResult(command: RecordCommand): number {
  const { request } = command
  const durability = checkDurability(command)
  if (durability !== RESULT.ok) return durability
  const record = command.find()
  if (record === undefined) return RESULT.notFound
  if (!setMatches(request, record)) return RESULT.parameter
  if (!generationMatches(request, record.generation)) return RESULT.generation
  const filtered = checkFilter(request, record, command.clock)
  if (filtered !== RESULT.ok) return filtered
  if (!keyMatches(request, record)) return RESULT.keyMismatch
  command.remove()
  return RESULT.ok
}
