/** Types of a message's operations. Source: as/include/base/proto.h of the server. */
export const OPERATION_TYPE = {
  read: 1,
  write: 2,
  collectionRead: 3,
  collectionModify: 4,
  add: 5,
  expressionRead: 7,
  expressionModify: 8,
  append: 9,
  prepend: 10,
  touch: 11,
  bitRead: 12,
  bitModify: 13,
  delete: 14,
  hyperLogLogRead: 15,
  hyperLogLogModify: 16,
  stringRead: 17,
  stringModify: 18,
  toString: 19,
} as const

export type OperationType = (typeof OPERATION_TYPE)[keyof typeof OPERATION_TYPE]

// One bit per type; all types fit in 32.
const WRITING: number =
  (1 << OPERATION_TYPE.write) |
  (1 << OPERATION_TYPE.collectionModify) |
  (1 << OPERATION_TYPE.add) |
  (1 << OPERATION_TYPE.expressionModify) |
  (1 << OPERATION_TYPE.append) |
  (1 << OPERATION_TYPE.prepend) |
  (1 << OPERATION_TYPE.touch) |
  (1 << OPERATION_TYPE.bitModify) |
  (1 << OPERATION_TYPE.delete) |
  (1 << OPERATION_TYPE.hyperLogLogModify) |
  (1 << OPERATION_TYPE.stringModify)

/** Whether an operation of this type changes the record. */
export function isWriteOperation(type: number): boolean {
  return type > 0 && type < 32 && ((WRITING >>> type) & 1) === 1
}
