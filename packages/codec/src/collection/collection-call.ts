import { Bound, INFINITY, WILDCARD } from '../cdt/bound.ts'
import type { ContextStep } from '../cdt/context.ts'
import { DecodeError, EncodeError } from '../errors.ts'
import { BOUND, BOUND_HEAD } from '../expression/bounds.ts'
import { readContext } from '../expression/decode-expression.ts'
import { writeContext } from '../expression/encode-expression.ts'
import { isListNext, malformed, readListHead, writeListHead } from '../expression/heads.ts'
import { readLiteral } from '../expression/literal.ts'
import type { Expression } from '../expression/node.ts'
import { CALL_FORM } from '../expression/opcode.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import type { Operation } from '../message/operation.ts'
import { writeMsgpack } from '../value/msgpack-writer.ts'
import type { Value } from '../value/value.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { ByteWriter } from '../wire/byte-writer.ts'

/*
 * call  :=  [opcode, argument…]
 *        |  [0xff, [type, value, …], [opcode, argument…]]      in the context that the steps lead to
 */

/** The way into a value, from the bin to the list or map that an operation is about. */
export type Context = readonly ContextStep<Expression>[]

/** What an operation is given: a value, or a bound where it compares. */
export type Argument = Value | Bound | readonly Argument[]

/** An operation on a list, a map, bits or a HyperLogLog as its payload says it. Plain data. */
export interface CollectionCall {
  /** A number of the table that belongs to the operation's type, such as {@link LIST_OPCODE}. */
  readonly opcode: number
  readonly context: Context
  readonly args: readonly Argument[]
}

/**
 * A call as the payload of an operation.
 *
 * @throws EncodeError for a value that cannot be written; the path leads to it.
 */
export function encodeCollectionCall(call: CollectionCall): Uint8Array {
  const out = new ByteWriter(32)
  if (call.context.length > 0) {
    writeListHead(out, 3)
    writeMsgpack(out, CALL_FORM.context)
    writeContext(out, call.context)
  }
  writeListHead(out, call.args.length + 1)
  writeMsgpack(out, call.opcode)
  for (const argument of call.args) writeArgument(out, argument)
  return out.take()
}

function writeArgument(out: ByteWriter, argument: Argument): void {
  if (argument instanceof Bound) {
    for (const byte of BOUND_HEAD) out.u8(byte)
    out.u8(BOUND[argument.kind])
  } else if (Array.isArray(argument) && hasBound(argument as readonly Argument[], 0)) {
    writeListHead(out, argument.length)
    for (const element of argument as readonly Argument[]) writeArgument(out, element)
  } else writeMsgpack(out, argument as Value)
}

/** Looks no deeper than lists may be nested: the writer of values says what is wrong with one that is. */
function hasBound(list: readonly Argument[], depth: number): boolean {
  if (depth >= DEFAULT_LIMITS.maxDepth) return false
  return list.some(
    (each) =>
      each instanceof Bound || (Array.isArray(each) && hasBound(each as readonly Argument[], depth + 1)),
  )
}

/**
 * Reads the payload of an operation. It judges the form alone: whether there is such an operation, and whether it takes
 * these arguments, is for whoever carries it out.
 *
 * @throws DecodeError for bytes that are no call, TruncatedError when they end too early, LimitExceededError when they are
 *   nested too deep.
 */
export function decodeCollectionCall(payload: Uint8Array): CollectionCall {
  const reader = ByteReader.over(payload)
  let count = readListHead(reader, 'an operation')
  if (count === 0) throw malformed(reader, 'an empty list is no operation')
  let opcode = readOpcode(reader)
  let context: Context = []
  if (opcode === CALL_FORM.context && count === 3) {
    context = readContext(reader)
    count = readListHead(reader, 'an operation in a context')
    if (count === 0) throw malformed(reader, 'an empty list is no operation')
    opcode = readOpcode(reader)
  }
  const args: Argument[] = []
  for (let left = count - 1; left > 0; left--) args.push(readArgument(reader, 0))
  if (reader.remaining > 0) throw malformed(reader, `${reader.remaining} bytes behind an operation`)
  return { opcode, context, args }
}

function readOpcode(reader: ByteReader): number {
  const { position } = reader
  const opcode = isListNext(reader) ? undefined : readLiteral(reader)
  if (typeof opcode === 'number' && Number.isInteger(opcode)) return opcode
  throw new DecodeError('an operation does not begin with its number', position)
}

function readArgument(reader: ByteReader, depth: number): Argument {
  reader.need(1)
  const { bytes, position } = reader
  if (bytes[position] === BOUND_HEAD[0]) {
    reader.need(3)
    const which = bytes[position + 2]
    if (bytes[position + 1] === BOUND_HEAD[1] && (which === BOUND.infinity || which === BOUND.wildcard)) {
      reader.position = position + 3
      return which === BOUND.infinity ? INFINITY : WILDCARD
    }
  }
  if (!isListNext(reader) || depth >= DEFAULT_LIMITS.maxDepth) return readLiteral(reader)
  const plain = readPlain(reader)
  if (plain !== undefined) return plain
  const list: Argument[] = []
  for (let left = readListHead(reader, 'an argument'); left > 0; left--)
    list.push(readArgument(reader, depth + 1))
  return list
}

/** A list without bounds; `undefined`, and nothing read, when it holds one. */
function readPlain(reader: ByteReader): Value | undefined {
  const { position } = reader
  try {
    return readLiteral(reader)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    reader.position = position
    return undefined
  }
}

/**
 * An operation with a call as its payload.
 *
 * @throws EncodeError whose path begins with the bin's name.
 */
export function callOperation(
  type: number,
  bin: string,
  opcode: number,
  args: readonly Argument[],
  context: Context = [],
): Operation {
  try {
    const payload = encodeCollectionCall({ opcode, context, args })
    return { type, bin, value: undefined, payload }
  } catch (error) {
    throw error instanceof EncodeError ? error.under(bin) : error
  }
}

/** Where a range of values or keys ends: nothing stands for its open end, nil for an open beginning. */
export function rangeArguments(begin: Argument | undefined, end: Argument | undefined): Argument[] {
  return end === undefined ? [begin ?? null] : [begin ?? null, end]
}

/** The arguments with the count behind them, when there is one. */
export function withCount(args: readonly Argument[], count: number | undefined): readonly Argument[] {
  return count === undefined ? args : [...args, count]
}

/** The context with the bits of {@link CONTEXT_CREATE} in its last step: what it leads to is made when it is not there. */
export function creatingContext(context: Context, create: number): Context {
  const last = context.at(-1)
  if (last === undefined || last.by === 'filter' || last.by === 'mapKeys') return context
  return [...context.slice(0, -1), { ...last, create }]
}
