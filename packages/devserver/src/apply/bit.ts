import { BIT_OPCODE, BIT_OVERFLOW, BIT_RESIZE_FLAG, BIT_WRITE_FLAG, PARTICLE_TYPE } from '@aero/codec'
import { RESULT } from '../result-code.ts'
import { CallReader } from './call-reader.ts'
import { integerParticle, NO_OUTCOME, type Outcome, type Particle, yielding } from './outcome.ts'

/*
 * Operations on the bits of a blob. Source: as/src/base/particle_blob.c of the server.
 */

/** Bytes a message may have, and so a blob. */
const MAX_BYTES = 128 * 1024 * 1024
const INTEGER_BITS = 64n

/** What an argument is; each has its own checks. */
type Kind = 'byteOffset' | 'byteSize' | 'newSize' | 'offset' | 'size' | 'integerSize' | 'bytes' | 'value'
type Tail = 'shift' | 'boolean' | 'flags' | 'resize' | 'arithmetic' | 'signed'

interface Definition {
  readonly takes: readonly (Kind | Tail)[]
  readonly least: number
  /** Flags it knows. */
  readonly flags: number
}

const { createOnly, updateOnly, noFail, partial } = BIT_WRITE_FLAG
const INTEGER_FLAGS = updateOnly | noFail
const OVERWRITE_FLAGS = INTEGER_FLAGS | partial
const CREATE_FLAGS = INTEGER_FLAGS | createOnly
const WITH_BYTES: Definition = {
  takes: ['offset', 'size', 'bytes', 'flags'],
  least: 3,
  flags: OVERWRITE_FLAGS,
}
const WITH_SHIFT: Definition = {
  takes: ['offset', 'size', 'shift', 'flags'],
  least: 3,
  flags: OVERWRITE_FLAGS,
}
const ARITHMETIC: Definition = {
  takes: ['offset', 'integerSize', 'value', 'flags', 'arithmetic'],
  least: 3,
  flags: INTEGER_FLAGS,
}

const MODIFYING: ReadonlyMap<number, Definition> = new Map<number, Definition>([
  [BIT_OPCODE.resize, { takes: ['newSize', 'flags', 'resize'], least: 1, flags: CREATE_FLAGS }],
  [BIT_OPCODE.insert, { takes: ['byteOffset', 'bytes', 'flags'], least: 2, flags: CREATE_FLAGS }],
  [BIT_OPCODE.remove, { takes: ['byteOffset', 'byteSize', 'flags'], least: 2, flags: OVERWRITE_FLAGS }],
  [BIT_OPCODE.set, WITH_BYTES],
  [BIT_OPCODE.or, WITH_BYTES],
  [BIT_OPCODE.xor, WITH_BYTES],
  [BIT_OPCODE.and, WITH_BYTES],
  [BIT_OPCODE.not, { takes: ['offset', 'size', 'flags'], least: 2, flags: OVERWRITE_FLAGS }],
  [BIT_OPCODE.leftShift, WITH_SHIFT],
  [BIT_OPCODE.rightShift, WITH_SHIFT],
  [BIT_OPCODE.add, ARITHMETIC],
  [BIT_OPCODE.subtract, ARITHMETIC],
  [
    BIT_OPCODE.setInteger,
    { takes: ['offset', 'integerSize', 'value', 'flags'], least: 3, flags: INTEGER_FLAGS },
  ],
])

const READING: ReadonlyMap<number, Definition> = new Map<number, Definition>([
  [BIT_OPCODE.get, { takes: ['offset', 'size'], least: 2, flags: 0 }],
  [BIT_OPCODE.count, { takes: ['offset', 'size'], least: 2, flags: 0 }],
  [BIT_OPCODE.leftScan, { takes: ['offset', 'size', 'boolean'], least: 3, flags: 0 }],
  [BIT_OPCODE.rightScan, { takes: ['offset', 'size', 'boolean'], least: 3, flags: 0 }],
  [BIT_OPCODE.getInteger, { takes: ['offset', 'integerSize', 'signed'], least: 2, flags: 0 }],
])

/** An operation as parsed; offsets and sizes in bits. */
class BitCall {
  opcode = 0
  offset = 0
  size = 0
  value = 0n
  bytes: Uint8Array = new Uint8Array(0)
  flags = 0
  subflags = 0

  has(flag: number): boolean {
    return (this.flags & flag) !== 0
  }
}

/** Carries out a modifying operation on a blob, or on a bin that is not there. A number is a result code. */
export function modifyBits(bin: Particle | undefined, payload: Uint8Array): Outcome | number {
  const call = parse(payload, MODIFYING)
  if (call === undefined) return RESULT.parameter
  const refused = (resultCode: number) => (call.has(noFail) ? NO_OUTCOME : resultCode)
  if (bin !== undefined) {
    if (call.has(createOnly)) return refused(RESULT.binExists)
    if (bin.type !== PARTICLE_TYPE.blob) return RESULT.incompatibleType
  } else {
    const creates = call.opcode === BIT_OPCODE.insert || call.opcode === BIT_OPCODE.resize
    if (!creates || call.has(updateOnly)) return refused(RESULT.binNotFound)
    if (call.offset < 0) return RESULT.parameter
  }
  const old = bin?.particle ?? new Uint8Array(0)
  if (!normalizeOffset(call, old)) return RESULT.parameter
  const result = change(call, old)
  if (result === undefined) return NO_OUTCOME
  if (typeof result === 'number') return refused(result)
  if (result.length >= MAX_BYTES) return RESULT.parameter
  return { bin: { type: PARTICLE_TYPE.blob, particle: result }, yields: undefined }
}

/** Carries out a reading operation. A number is a result code. */
export function readBits(bin: Particle, payload: Uint8Array): Outcome | number {
  const call = parse(payload, READING)
  if (call === undefined) return RESULT.parameter
  if (bin.type !== PARTICLE_TYPE.blob) return RESULT.incompatibleType
  const { particle } = bin
  if (!normalizeOffset(call, particle)) return RESULT.parameter
  if (!isInside(call, particle)) return RESULT.notApplicable
  switch (call.opcode) {
    case BIT_OPCODE.get:
      return yielding({ type: PARTICLE_TYPE.blob, particle: bitsAt(particle, call.offset, call.size) })
    case BIT_OPCODE.count:
      return yielding(integerParticle(countBits(particle, call)))
    case BIT_OPCODE.leftScan:
      return yielding(integerParticle(leftScan(particle, call)))
    case BIT_OPCODE.rightScan:
      return yielding(integerParticle(rightScan(particle, call)))
    default: {
      const value = loadInteger(particle, call)
      const isSigned = (call.subflags & BIT_OVERFLOW.signed) !== 0
      return yielding(integerParticle(isSigned ? BigInt.asIntN(call.size, value) : value))
    }
  }
}

function parse(payload: Uint8Array, table: ReadonlyMap<number, Definition>): BitCall | undefined {
  const reader = new CallReader(payload)
  const definition = table.get(reader.opcode)
  if (definition === undefined || reader.count < definition.least) return undefined
  if (reader.count > definition.takes.length) return undefined
  const call = new BitCall()
  call.opcode = reader.opcode
  for (const kind of definition.takes.slice(0, reader.count)) {
    if (!parseArgument(reader, call, kind, definition)) return undefined
  }
  return call
}

function parseArgument(reader: CallReader, call: BitCall, kind: Kind | Tail, { flags }: Definition): boolean {
  switch (kind) {
    case 'byteOffset':
      return parseOffset(reader, call, 8)
    case 'offset':
      return parseOffset(reader, call, 1)
    case 'byteSize':
      return parseSize(reader, call, 8, 1, MAX_BYTES)
    case 'newSize':
      return parseSize(reader, call, 8, 0, MAX_BYTES)
    case 'size':
      return parseSize(reader, call, 1, 1, MAX_BYTES * 8)
    case 'integerSize':
      return parseSize(reader, call, 1, 1, Number(INTEGER_BITS))
    case 'bytes':
      return parseBytes(reader, call)
    case 'boolean': {
      const value = reader.boolean()
      call.value = value === true ? 1n : 0n
      return value !== undefined
    }
    case 'value':
    case 'shift': {
      const value = reader.unsigned()
      call.value = value ?? 0n
      return value !== undefined && (kind === 'value' || value <= BigInt(MAX_BYTES * 8))
    }
    case 'flags':
      call.flags = parseFlags(reader, flags)
      return call.flags >= 0 && !(call.has(createOnly) && call.has(updateOnly))
    default:
      return parseSubflags(reader, call, kind)
  }
}

function parseOffset(reader: CallReader, call: BitCall, unit: number): boolean {
  const offset = reader.integer()
  if (offset === undefined || Math.abs(Number(offset)) > (MAX_BYTES * 8) / unit) return false
  call.offset = Number(offset) * unit
  return true
}

function parseSize(reader: CallReader, call: BitCall, unit: number, least: number, most: number): boolean {
  const size = Number(reader.unsigned() ?? -1)
  if (size < least || size > most) return false
  call.size = size * unit
  return true
}

function parseBytes(reader: CallReader, call: BitCall): boolean {
  const bytes = reader.bytes()
  if (bytes === undefined || bytes.length === 0 || bytes.length * 8 < call.size) return false
  call.bytes = bytes
  if (call.size === 0) call.size = bytes.length * 8
  return true
}

/** The flags; -1 when there are none, or some that the operation does not know. */
function parseFlags(reader: CallReader, known: number): number {
  const flags = reader.unsigned()
  return flags === undefined || (flags & ~BigInt(known)) !== 0n ? -1 : Number(flags)
}

const { growOnly, shrinkOnly, fromFront } = BIT_RESIZE_FLAG
const { signed, saturate, wrap } = BIT_OVERFLOW

function parseSubflags(reader: CallReader, call: BitCall, kind: 'resize' | 'arithmetic' | 'signed'): boolean {
  const known =
    kind === 'resize'
      ? growOnly | shrinkOnly | fromFront
      : kind === 'signed'
        ? signed
        : signed | saturate | wrap
  call.subflags = parseFlags(reader, known)
  if (call.subflags < 0) return false
  const exclusive = kind === 'resize' ? growOnly | shrinkOnly : saturate | wrap
  return (call.subflags & exclusive) !== exclusive
}

/** Makes a negative offset count from the front; `false` when it is before the beginning. */
function normalizeOffset(call: BitCall, blob: Uint8Array): boolean {
  if (call.offset < 0) call.offset += blob.length * 8
  return call.offset >= 0
}

function isInside(call: BitCall, blob: Uint8Array): boolean {
  return call.offset < blob.length * 8 && Math.ceil((call.offset + call.size) / 8) <= blob.length
}

/** The new blob; `undefined`: it stays; a result code: refused, if failing is allowed. */
function change(call: BitCall, old: Uint8Array): Uint8Array | number | undefined {
  switch (call.opcode) {
    case BIT_OPCODE.resize:
      return resize(call, old)
    case BIT_OPCODE.insert: {
      const at = call.offset / 8
      const blob = new Uint8Array(Math.max(old.length, at) + call.bytes.length)
      blob.set(old.subarray(0, at))
      blob.set(call.bytes, at)
      blob.set(old.subarray(at), at + call.bytes.length)
      return blob
    }
    case BIT_OPCODE.remove:
      return remove(call, old)
    case BIT_OPCODE.add:
    case BIT_OPCODE.subtract:
    case BIT_OPCODE.setInteger:
      return isInside(call, old) ? changeInteger(call, old) : RESULT.notApplicable
    default:
      return overwrite(call, old)
  }
}

function resize(call: BitCall, old: Uint8Array): Uint8Array | number | undefined {
  const size = call.size / 8
  if (size === old.length) return undefined
  if ((call.subflags & (size < old.length ? growOnly : shrinkOnly)) !== 0) return RESULT.parameter
  const isFront = (call.subflags & fromFront) !== 0
  const blob = new Uint8Array(size)
  if (size < old.length) blob.set(isFront ? old.subarray(old.length - size) : old.subarray(0, size))
  else blob.set(old, isFront ? size - old.length : 0)
  return blob
}

function remove(call: BitCall, old: Uint8Array): Uint8Array | number {
  const from = call.offset / 8
  const to = from + call.size / 8
  if (from >= old.length || (to > old.length && !call.has(partial))) return RESULT.parameter
  const blob = new Uint8Array(from + Math.max(0, old.length - to))
  blob.set(old.subarray(0, from))
  blob.set(old.subarray(to), from)
  return blob
}

/** The operations that leave the size as it is. */
function overwrite(call: BitCall, old: Uint8Array): Uint8Array | number {
  if (call.offset >= old.length * 8) return RESULT.notApplicable
  if (!isInside(call, old)) {
    if (!call.has(partial)) return RESULT.notApplicable
    call.size = old.length * 8 - call.offset
  }
  const blob = old.slice()
  for (let index = 0; index < call.size; index++) {
    setBit(blob, call.offset + index, newBit(call, old, index))
  }
  return blob
}

function newBit({ opcode, offset, size, value, bytes }: BitCall, old: Uint8Array, index: number): number {
  const was = bitAt(old, offset + index)
  switch (opcode) {
    case BIT_OPCODE.set:
      return bitAt(bytes, index)
    case BIT_OPCODE.or:
      return was | bitAt(bytes, index)
    case BIT_OPCODE.xor:
      return was ^ bitAt(bytes, index)
    case BIT_OPCODE.and:
      return was & bitAt(bytes, index)
    case BIT_OPCODE.not:
      return was ^ 1
    case BIT_OPCODE.leftShift: {
      const from = index + Number(value)
      return from < size ? bitAt(old, offset + from) : 0
    }
    default: {
      const from = index - Number(value)
      return from >= 0 ? bitAt(old, offset + from) : 0
    }
  }
}

function changeInteger(call: BitCall, old: Uint8Array): Uint8Array | number {
  const { size } = call
  const value = BigInt.asUintN(size, call.value)
  const result = call.opcode === BIT_OPCODE.setInteger ? value : sum(call, loadInteger(old, call), value)
  if (result === undefined) return RESULT.notApplicable
  const blob = old.slice()
  for (let index = 0; index < size; index++) {
    setBit(blob, call.offset + index, Number((result >> BigInt(size - 1 - index)) & 1n))
  }
  return blob
}

/** The sum or difference; `undefined` when it does not fit and may not. */
function sum({ opcode, size, subflags }: BitCall, load: bigint, value: bigint): bigint | undefined {
  const isAddition = opcode === BIT_OPCODE.add
  const result = BigInt.asUintN(size, isAddition ? load + value : load - value)
  if ((subflags & wrap) !== 0) return result
  const saturates = (subflags & saturate) !== 0
  if ((subflags & signed) === 0) {
    if (isAddition ? result >= load : result <= load) return result
    if (!saturates) return undefined
    return isAddition ? BigInt.asUintN(size, -1n) : 0n
  }
  const signedLoad = BigInt.asIntN(size, load)
  const signedValue = BigInt.asIntN(size, isAddition ? value : -value)
  const signedResult = BigInt.asIntN(size, result)
  if (signedLoad < 0n && signedValue < 0n && signedResult > 0n)
    return saturates ? 1n << BigInt(size - 1) : undefined
  if (signedLoad > 0n && signedValue > 0n && signedResult < 0n)
    return saturates ? (1n << BigInt(size - 1)) - 1n : undefined
  return result
}

function loadInteger(blob: Uint8Array, { offset, size }: BitCall): bigint {
  let value = 0n
  for (let index = 0; index < size; index++) value = (value << 1n) | BigInt(bitAt(blob, offset + index))
  return value
}

function bitAt(bytes: Uint8Array, index: number): number {
  return ((bytes[index >> 3] as number) >> (7 - (index & 7))) & 1
}

function setBit(bytes: Uint8Array, index: number, bit: number): void {
  const mask = 0x80 >> (index & 7)
  const byte = bytes[index >> 3] as number
  bytes[index >> 3] = bit === 0 ? byte & ~mask : byte | mask
}

function bitsAt(blob: Uint8Array, offset: number, size: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(size / 8))
  for (let index = 0; index < size; index++) setBit(bits, index, bitAt(blob, offset + index))
  return bits
}

function countBits(blob: Uint8Array, { offset, size }: BitCall): number {
  let count = 0
  for (let index = 0; index < size; index++) count += bitAt(blob, offset + index)
  return count
}

function leftScan(blob: Uint8Array, { offset, size, value }: BitCall): number {
  for (let index = 0; index < size; index++) if (bitAt(blob, offset + index) === Number(value)) return index
  return -1
}

/** The server looks on to the beginning of the first byte, before the offset: the answer may be below -1. */
function rightScan(blob: Uint8Array, { offset, size, value }: BitCall): number {
  for (let index = size - 1; index >= -(offset % 8); index--) {
    if (bitAt(blob, offset + index) === Number(value)) return index
  }
  return -1
}
