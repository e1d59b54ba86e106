import {
  BIT_OPCODE,
  BIT_WRITE_FLAG,
  type CollectionCall,
  decodeCollectionCall,
  HLL_OPCODE,
  HLL_WRITE_FLAG,
  isPathPayload,
  isWriteOperation,
  LIST_OPCODE,
  MAP_OPCODE,
  MAP_WRITE_FLAG,
  OPERATION_TYPE,
  type Operation,
  RETURN_TYPE,
} from '@aero/codec'

/** Writes whose second run leaves the record, and answers, as the first did. */
const REPEATABLE: ReadonlySet<number> = new Set([
  OPERATION_TYPE.write,
  OPERATION_TYPE.touch,
  OPERATION_TYPE.delete,
])

const REPEATABLE_COLLECTION: ReadonlySet<number> = new Set([
  LIST_OPCODE.setOrder,
  LIST_OPCODE.set,
  LIST_OPCODE.sort,
  LIST_OPCODE.clear,
  MAP_OPCODE.setOrder,
  MAP_OPCODE.clear,
])

/** Removals that name what goes, not where it stands: repeatable as long as nobody asks what went. */
const REMOVALS: ReadonlySet<number> = new Set([
  LIST_OPCODE.removeByValue,
  LIST_OPCODE.removeByValueList,
  LIST_OPCODE.removeByValueRange,
  MAP_OPCODE.removeByKey,
  MAP_OPCODE.removeByKeyList,
  MAP_OPCODE.removeByKeyRange,
  MAP_OPCODE.removeByValue,
  MAP_OPCODE.removeByValueList,
  MAP_OPCODE.removeByValueRange,
])

const REPEATABLE_BITS: ReadonlySet<number> = new Set([
  BIT_OPCODE.resize,
  BIT_OPCODE.set,
  BIT_OPCODE.or,
  BIT_OPCODE.and,
  BIT_OPCODE.setInteger,
])

/**
 * Whether an operation may run twice when nobody knows whether it ran at all. What adds, appends, inserts, or goes by where
 * something stands, must not; nor what refuses to find its own work done.
 */
export function isRepeatable({ type, payload }: Operation): boolean {
  if (!isWriteOperation(type) || REPEATABLE.has(type)) return true
  if (payload === undefined || isPathPayload(payload)) return false
  switch (type) {
    case OPERATION_TYPE.collectionModify:
      return isRepeatableCollection(decodeCollectionCall(payload))
    case OPERATION_TYPE.bitModify: {
      const { opcode, args } = decodeCollectionCall(payload)
      const creates = opcode === BIT_OPCODE.resize && hasFlag(args[1], BIT_WRITE_FLAG.createOnly)
      return REPEATABLE_BITS.has(opcode) && !creates
    }
    case OPERATION_TYPE.hyperLogLogModify: {
      const { opcode, args } = decodeCollectionCall(payload)
      // The flags, where there are any, come last; a second addition of the same values changes nothing.
      return opcode === HLL_OPCODE.fold || !hasFlag(args.at(-1), HLL_WRITE_FLAG.createOnly)
    }
    default:
      return false
  }
}

function isRepeatableCollection({ opcode, args }: CollectionCall): boolean {
  if (REPEATABLE_COLLECTION.has(opcode)) return true
  if (REMOVALS.has(opcode)) return args[0] === RETURN_TYPE.none
  if (opcode === MAP_OPCODE.put) return !hasFlag(args[3], MAP_WRITE_FLAG.createOnly)
  return opcode === MAP_OPCODE.putItems && !hasFlag(args[2], MAP_WRITE_FLAG.createOnly)
}

function hasFlag(flags: unknown, flag: number): boolean {
  return typeof flags === 'number' && (flags & flag) !== 0
}
