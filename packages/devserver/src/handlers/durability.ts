import { INFO2 } from '@aero/codec'
import { RESULT } from '../result-code.ts'
import type { RecordCommand } from './record-command.ts'

/**
 * Whether a delete may be as durable as it says. Source: validate_delete_durability in as/src/transaction/rw_utils_ce.c; of the
 * Enterprise Edition what its manual says: in a strongly consistent namespace records are not expunged.
 */
export function checkDurability({ request, namespace }: RecordCommand): number {
  const isDurable = (request.info2 & INFO2.durableDelete) !== 0
  if (namespace.settings.isStronglyConsistent) return isDurable ? RESULT.ok : RESULT.forbidden
  return isDurable ? RESULT.enterpriseOnly : RESULT.ok
}
