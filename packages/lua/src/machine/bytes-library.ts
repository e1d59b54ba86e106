import type { LuaFunction, LuaMachine, LuaState } from './lua-machine.ts'
import { LuaBytes, printValue } from './lua-value.ts'

const MAX_INDEX = 0xffff_ffffn
/** Bytes of a particle at most: nothing longer could be stored. */
const MAX_SIZE = 128n * 1024n * 1024n
const MAX_VAR_INT_BYTES = 5

/**
 * `bytes`, as functions in Lua know it: indexes begin at 1, numbers are big-endian unless their function says `_le`, and what
 * cannot be done gives `false` or nothing. Source: mod_lua_bytes.c of aerospike-mod-lua.
 */
export function addBytesLibrary(machine: LuaMachine, state: LuaState): void {
  machine.addClass(state, 'Bytes', {
    __index: getInteger(1, false),
    __newindex: setInteger(1, false),
    __len: pushSize,
    __tostring: pushPrinted,
  })
  machine.addLibrary(state, 'bytes', FUNCTIONS, construct)
}

function bytesAt(machine: LuaMachine, state: LuaState, index = 1): LuaBytes {
  return machine.objectAt(state, index, 'Bytes') as LuaBytes
}

/** A position from 0; `undefined` when the parameter is none. */
function positionAt(machine: LuaMachine, state: LuaState): number | undefined {
  const index = machine.optionalInteger(state, 2, 0n)
  return index < 1n || index > MAX_INDEX ? undefined : Number(index) - 1
}

function construct(machine: LuaMachine, state: LuaState): number {
  const count = machine.count(state)
  if (count > 2) return 0
  const capacity = count === 2 ? BigInt.asUintN(32, machine.optionalInteger(state, 2, 0n)) : 0n
  const room = Number(capacity > MAX_SIZE ? MAX_SIZE : capacity)
  machine.pushObject(state, new LuaBytes(new Uint8Array(room), undefined, 0), 'Bytes')
  return 1
}

/** The size when asked for it with one parameter. `#b` gives two, and so 0: that is what the server does. */
function pushSize(machine: LuaMachine, state: LuaState): number {
  machine.pushInteger(state, machine.count(state) === 1 ? bytesAt(machine, state).size : 0)
  return 1
}

function pushPrinted(machine: LuaMachine, state: LuaState): number {
  machine.pushText(state, printValue(bytesAt(machine, state)) ?? 'Bytes()')
  return 1
}

/** `bytes.set_size(b, n)`: whether there is room for so many; it makes none. */
function hasRoom(machine: LuaMachine, state: LuaState): number {
  const isCalledRightly = machine.count(state) === 2
  const capacity = isCalledRightly ? machine.optionalInteger(state, 2, 0n) : -1n
  machine.pushBoolean(state, capacity >= 0n && capacity <= BigInt(bytesAt(machine, state).bytes.length))
  return 1
}

function pushType(machine: LuaMachine, state: LuaState): number {
  machine.pushInteger(state, bytesAt(machine, state).type)
  return 1
}

function setType(machine: LuaMachine, state: LuaState): number {
  const type = machine.count(state) === 2 ? machine.optionalInteger(state, 2, 0n) : 0n
  if (type !== 0n) bytesAt(machine, state).type = Number(BigInt.asUintN(8, type))
  machine.pushBoolean(state, type !== 0n)
  return 1
}

/** Puts bytes at a position, and makes the room that takes. */
function put(target: LuaBytes, position: number, content: Uint8Array): boolean {
  const end = position + content.length
  if (BigInt(end) > MAX_SIZE) return false
  target.reserve(end)
  target.bytes.set(content, position)
  target.size = Math.max(target.size, end)
  return true
}

/** An integer as bytes; `undefined` when it has no room in so many. A single byte is unsigned. */
function integerBytes(value: bigint, width: number, isLittle: boolean): Uint8Array | undefined {
  const isInRange = width === 1 ? value >= 0n && value <= 0xffn : BigInt.asIntN(8 * width, value) === value
  if (!isInRange) return undefined
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigInt64(0, value)
  const used = bytes.slice(8 - width)
  return isLittle ? used.reverse() : used
}

function setInteger(width: number, isLittle: boolean): LuaFunction {
  return (machine, state) => {
    if (machine.count(state) !== 3) return pushFalse(machine, state)
    const target = bytesAt(machine, state)
    const position = positionAt(machine, state)
    const content = integerBytes(machine.optionalInteger(state, 3, 0n), width, isLittle)
    if (position === undefined || content === undefined) return pushFalse(machine, state)
    machine.pushBoolean(state, put(target, position, content))
    return 1
  }
}

function appendInteger(width: number, isLittle: boolean): LuaFunction {
  return (machine, state) => {
    if (machine.count(state) !== 2) return pushFalse(machine, state)
    const target = bytesAt(machine, state)
    const content = integerBytes(machine.optionalInteger(state, 2, 0n), width, isLittle)
    machine.pushBoolean(state, content !== undefined && put(target, target.size, content))
    return 1
  }
}

function getInteger(width: number, isLittle: boolean): LuaFunction {
  return (machine, state) => {
    if (machine.count(state) !== 2) return 0
    const source = bytesAt(machine, state)
    const position = positionAt(machine, state)
    if (position === undefined || position + width > source.size) return 0
    const used = source.bytes.slice(position, position + width)
    let value = 0n
    for (const byte of isLittle ? used.reverse() : used) value = (value << 8n) | BigInt(byte)
    machine.pushInteger(state, width === 1 ? value : BigInt.asIntN(8 * width, value))
    return 1
  }
}

function pushFalse(machine: LuaMachine, state: LuaState): number {
  machine.pushBoolean(state, false)
  return 1
}

/** Seven bits a byte, the lowest first; the high bit says that more follow. */
function varIntBytes(value: bigint): Uint8Array | undefined {
  if (BigInt.asIntN(32, value) !== value) return undefined
  const bytes: number[] = []
  let left = BigInt.asUintN(32, value)
  for (; left >= 0x80n; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80)
  bytes.push(Number(left))
  return Uint8Array.from(bytes)
}

/** The number of bytes it took, or 0. Unlike other numbers it does not make the bytes longer: their size stays. */
function putVarInt(target: LuaBytes, position: number | undefined, value: bigint): number {
  const content = varIntBytes(value)
  if (position === undefined || content === undefined) return 0
  target.reserve(position + MAX_VAR_INT_BYTES)
  target.bytes.set(content, position)
  return content.length
}

function setVarInt(machine: LuaMachine, state: LuaState): number {
  const isCalledRightly = machine.count(state) === 3
  const target = bytesAt(machine, state)
  machine.pushInteger(
    state,
    isCalledRightly
      ? putVarInt(target, positionAt(machine, state), machine.optionalInteger(state, 3, 0n))
      : 0,
  )
  return 1
}

function appendVarInt(machine: LuaMachine, state: LuaState): number {
  const isCalledRightly = machine.count(state) === 2
  const target = bytesAt(machine, state)
  machine.pushInteger(
    state,
    isCalledRightly ? putVarInt(target, target.size, machine.optionalInteger(state, 2, 0n)) : 0,
  )
  return 1
}

/** The number, and how many bytes it takes. */
function getVarInt(machine: LuaMachine, state: LuaState): number {
  if (machine.count(state) !== 2) return 0
  const { bytes } = bytesAt(machine, state)
  const position = positionAt(machine, state)
  if (position === undefined) return 0
  let value = 0n
  let length = 0
  for (let byte = 0x80; (byte & 0x80) !== 0 && length < MAX_VAR_INT_BYTES; length++) {
    byte = bytes[position + length] ?? 0
    value |= BigInt(byte & 0x7f) << BigInt(7 * length)
  }
  machine.pushInteger(state, BigInt.asUintN(32, value))
  machine.pushInteger(state, length)
  return 2
}

function setString(machine: LuaMachine, state: LuaState): number {
  if (machine.count(state) !== 3) return pushFalse(machine, state)
  const target = bytesAt(machine, state)
  const position = positionAt(machine, state)
  const text = machine.optionalText(state, 3)
  if (position === undefined || text === undefined) return pushFalse(machine, state)
  machine.pushBoolean(state, put(target, position, Buffer.from(text, 'latin1')))
  return 1
}

function appendString(machine: LuaMachine, state: LuaState): number {
  if (machine.count(state) !== 2) return pushFalse(machine, state)
  const target = bytesAt(machine, state)
  const text = machine.optionalText(state, 2) ?? ''
  machine.pushBoolean(state, text !== '' && put(target, target.size, Buffer.from(text, 'latin1')))
  return 1
}

/** The first `length` bytes of another object; all it has when it has fewer. */
function headOf(source: LuaBytes, length: bigint): Uint8Array | undefined {
  if (length < 0n || length > MAX_INDEX) return undefined
  return source.used().slice(0, Number(length))
}

function setBytes(machine: LuaMachine, state: LuaState): number {
  if (machine.count(state) !== 4) return pushFalse(machine, state)
  const target = bytesAt(machine, state)
  const position = positionAt(machine, state)
  const content = headOf(bytesAt(machine, state, 3), machine.optionalInteger(state, 4, 0n))
  if (position === undefined || content === undefined) return pushFalse(machine, state)
  machine.pushBoolean(state, put(target, position, content))
  return 1
}

function appendBytes(machine: LuaMachine, state: LuaState): number {
  if (machine.count(state) !== 3) return pushFalse(machine, state)
  const target = bytesAt(machine, state)
  const content = headOf(bytesAt(machine, state, 2), machine.optionalInteger(state, 3, 0n))
  machine.pushBoolean(state, content !== undefined && put(target, target.size, content))
  return 1
}

/** The bytes of a range; what lies behind the end is 0. The server reads what happens to be there. */
function rangeAt(machine: LuaMachine, state: LuaState): Uint8Array | undefined {
  if (machine.count(state) !== 3) return undefined
  const source = bytesAt(machine, state)
  const position = positionAt(machine, state)
  const length = machine.optionalInteger(state, 3, 0n)
  if (position === undefined || length < 0n || length > MAX_SIZE) return undefined
  const range = new Uint8Array(Number(length))
  range.set(source.used().subarray(position, position + range.length))
  return range
}

function getString(machine: LuaMachine, state: LuaState): number {
  const range = rangeAt(machine, state)
  if (range === undefined) return 0
  machine.pushText(state, Buffer.from(range).toString('latin1'))
  return 1
}

function getBytes(machine: LuaMachine, state: LuaState): number {
  const range = rangeAt(machine, state)
  if (range === undefined) return 0
  machine.pushObject(state, new LuaBytes(range), 'Bytes')
  return 1
}

/** `verb_int16`, `verb_int16_be`, `verb_int16_le` and so on. */
function integers(
  verb: string,
  make: (width: number, isLittle: boolean) => LuaFunction,
): Record<string, LuaFunction> {
  const functions: Record<string, LuaFunction> = { [`${verb}_byte`]: make(1, false) }
  for (const width of [2, 4, 8]) {
    const big = make(width, false)
    functions[`${verb}_int${8 * width}`] = big
    functions[`${verb}_int${8 * width}_be`] = big
    functions[`${verb}_int${8 * width}_le`] = make(width, true)
  }
  return functions
}

const FUNCTIONS: Readonly<Record<string, LuaFunction>> = {
  size: pushSize,
  set_size: hasRoom,
  get_type: pushType,
  set_type: setType,
  ...integers('get', getInteger),
  ...integers('set', setInteger),
  ...integers('append', appendInteger),
  get_string: getString,
  get_bytes: getBytes,
  get_var_int: getVarInt,
  set_string: setString,
  set_bytes: setBytes,
  set_var_int: setVarInt,
  append_string: appendString,
  append_bytes: appendBytes,
  append_var_int: appendVarInt,
}
