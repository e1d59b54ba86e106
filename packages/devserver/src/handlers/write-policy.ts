import { INFO1, INFO2, INFO3, OPERATION_TYPE, PARTICLE_TYPE } from '@aero/codec'
import type { Request } from '../request.ts'
import { RESULT } from '../result-code.ts'
import { isBinName } from './record-checks.ts'

/** Operations one command may have. */
const MAX_OPERATIONS = 32 * 1024

const ADDING: ReadonlySet<number> = new Set([
  OPERATION_TYPE.add,
  OPERATION_TYPE.append,
  OPERATION_TYPE.prepend,
])

/** Operations that read one bin each. */
const READING: ReadonlySet<number> = new Set([
  OPERATION_TYPE.read,
  OPERATION_TYPE.collectionRead,
  OPERATION_TYPE.bitRead,
  OPERATION_TYPE.hyperLogLogRead,
  OPERATION_TYPE.expressionRead,
])

/** Operations that change a bin on the basis of what it was: senseless when all bins are replaced. */
const MODIFYING: ReadonlySet<number> = new Set([
  ...ADDING,
  OPERATION_TYPE.delete,
  OPERATION_TYPE.bitModify,
  OPERATION_TYPE.hyperLogLogModify,
  OPERATION_TYPE.collectionModify,
])

/** Operations that yield something: they do not mix with reading all bins. */
const YIELDING: ReadonlySet<number> = new Set([
  ...READING,
  OPERATION_TYPE.hyperLogLogModify,
  OPERATION_TYPE.collectionModify,
])

/** Whether the operation adds, appends or prepends. */
export function isAdding(operationType: number): boolean {
  return ADDING.has(operationType)
}

/** Whether the operation reads one bin. */
export function isReading(operationType: number): boolean {
  return READING.has(operationType)
}

/** The command takes all former bins away. */
export function isReplace(request: Request): boolean {
  return (request.info3 & (INFO3.createOrReplace | INFO3.replaceOnly)) !== 0
}

/** The command does not create a record: it says so, or it touches. */
export function mustExist(request: Request): boolean {
  if ((request.info3 & (INFO3.updateOnly | INFO3.replaceOnly)) !== 0) return true
  for (let index = 0; index < request.operationCount; index++) {
    if (request.operationType[index] === OPERATION_TYPE.touch) return true
  }
  return false
}

/** Whether the operation reads all bins: a read of the empty name, in a command that says so. */
export function isReadAll(request: Request, index: number): boolean {
  return (
    request.operationType[index] === OPERATION_TYPE.read &&
    request.nameStart[index] === request.nameEnd[index] &&
    (request.info1 & INFO1.getAll) !== 0
  )
}

/**
 * What the server checks of a write before it looks for the record. Returns a result code.
 * Source: as/src/transaction/write.c, write_master_policies.
 */
export function checkOperations(request: Request): number {
  const { operationCount } = request
  if (operationCount === 0 || operationCount > MAX_OPERATIONS) return RESULT.parameter
  const replace = isReplace(request)
  let reads = false
  let readsAll = false
  let yields = false
  for (let index = 0; index < operationCount; index++) {
    const type = request.operationType[index] as number
    if (type === OPERATION_TYPE.touch) {
      if (replace) return RESULT.parameter
      continue
    }
    if (!isBinName(request, index)) return RESULT.binName
    if (type === OPERATION_TYPE.write) {
      if (replace && request.particleType[index] === PARTICLE_TYPE.nil) return RESULT.parameter
    } else if (isReadAll(request, index)) {
      if (readsAll || (request.info2 & INFO2.respondAllOps) !== 0) return RESULT.parameter
      reads = true
      readsAll = true
    } else {
      if (replace && MODIFYING.has(type)) return RESULT.parameter
      if (READING.has(type)) reads = true
      if (YIELDING.has(type)) yields = true
    }
  }
  if (reads && (request.info1 & INFO1.read) === 0) return RESULT.parameter
  if (readsAll && yields) return RESULT.parameter
  if ((request.info1 & INFO1.getAll) !== 0 && !readsAll) return RESULT.parameter
  return RESULT.ok
}
