import { LUA_TYPE, type LuaFunction, type LuaMachine, type LuaState } from './lua-machine.ts'
import { LuaBytes, LuaGeoJson, LuaList, LuaMap, type LuaValue, printValue } from './lua-value.ts'
import { packedSizeOf } from './packed-size.ts'

/** Numbers of elements that a list can have; the server's indexes are 32 bits wide. */
const MAX_INDEX = 0xffff_ffffn

/**
 * `list`, as functions in Lua know it: indexes begin at 1, what lies outside does nothing. Source: mod_lua_list.c of
 * aerospike-mod-lua.
 */
export function addListLibrary(machine: LuaMachine, state: LuaState): void {
  machine.addClass(state, 'List', {
    __index: getItem,
    __newindex: setItem,
    __len: pushSize,
    __tostring: pushPrinted,
  })
  machine.addLibrary(state, 'list', FUNCTIONS, construct)
}

function listAt(machine: LuaMachine, state: LuaState, index = 1): LuaList {
  return machine.objectAt(state, index, 'List') as LuaList
}

/** A position from 0; `undefined` when the parameter is no place in a list. */
function positionAt(machine: LuaMachine, state: LuaState): number | undefined {
  const index = machine.optionalInteger(state, 2, 0n)
  return index < 1n || index > MAX_INDEX ? undefined : Number(index) - 1
}

/** A value that a list or map can hold; records and iterators are none. */
export function elementAt(machine: LuaMachine, state: LuaState, index: number): LuaValue | undefined {
  const value = machine.valueAt(state, index)
  return value === undefined || isElement(value) ? value : undefined
}

function isElement(value: LuaValue): boolean {
  if (typeof value !== 'object' || value === null) return true
  return (
    value instanceof LuaList ||
    value instanceof LuaMap ||
    value instanceof LuaBytes ||
    value instanceof LuaGeoJson
  )
}

/** `list()`, `list{…}`: the elements of the table under numbers. */
function construct(machine: LuaMachine, state: LuaState): number {
  const list = new LuaList()
  if (machine.count(state) === 2 && machine.typeAt(state, 2) === LUA_TYPE.table) {
    machine.eachField(state, 2, () => {
      if (machine.typeAt(state, -2) === LUA_TYPE.number)
        list.items.push(elementAt(machine, state, -1) ?? null)
    })
  }
  machine.pushObject(state, list, 'List')
  return 1
}

/** `list.create(capacity[, step])`: how much room it has makes no difference here. */
function create(machine: LuaMachine, state: LuaState): number {
  const count = machine.count(state)
  if (count < 1 || count > 2) return 0
  if (machine.optionalInteger(state, 1, -1n) < 0n || machine.optionalInteger(state, 2, 10n) < 0n) return 0
  machine.pushObject(state, new LuaList(), 'List')
  return 1
}

function getItem(machine: LuaMachine, state: LuaState): number {
  const { items } = listAt(machine, state)
  const position = positionAt(machine, state)
  machine.pushValue(state, position === undefined ? null : items[position])
  return 1
}

function setItem(machine: LuaMachine, state: LuaState): number {
  const { items } = listAt(machine, state)
  const position = positionAt(machine, state)
  const value = elementAt(machine, state, 3)
  if (position !== undefined && value !== undefined) {
    while (items.length < position) items.push(null)
    items[position] = value
  }
  return 0
}

function insertAt(list: LuaList, position: number, value: LuaValue): void {
  while (list.items.length < position) list.items.push(null)
  list.items.splice(position, 0, value)
}

function insert(machine: LuaMachine, state: LuaState): number {
  const list = listAt(machine, state)
  const position = positionAt(machine, state)
  const value = position === undefined ? undefined : elementAt(machine, state, 3)
  if (position !== undefined && value !== undefined) insertAt(list, position, value)
  return 0
}

function append(machine: LuaMachine, state: LuaState): number {
  const list = listAt(machine, state)
  const value = elementAt(machine, state, 2)
  if (value !== undefined) list.items.push(value)
  return 0
}

function prepend(machine: LuaMachine, state: LuaState): number {
  const list = listAt(machine, state)
  const value = elementAt(machine, state, 2)
  if (value !== undefined) list.items.unshift(value)
  return 0
}

function remove(machine: LuaMachine, state: LuaState): number {
  const { items } = listAt(machine, state)
  const position = positionAt(machine, state)
  if (position !== undefined && position < items.length) items.splice(position, 1)
  return 0
}

function concatenate(machine: LuaMachine, state: LuaState): number {
  const { items } = listAt(machine, state)
  items.push(...listAt(machine, state, 2).items.slice())
  return 0
}

/** Removes everything from a position on. */
function trim(machine: LuaMachine, state: LuaState): number {
  const { items } = listAt(machine, state)
  const position = positionAt(machine, state)
  if (position !== undefined && position < items.length) items.length = position
  return 0
}

/** A new list of the first elements; nil for none. */
function take(machine: LuaMachine, state: LuaState): number {
  const { items } = listAt(machine, state)
  const position = positionAt(machine, state)
  machine.pushValue(state, position === undefined ? null : new LuaList(items.slice(0, position + 1)))
  return 1
}

/** A new list without the first elements; nil for without none. */
function drop(machine: LuaMachine, state: LuaState): number {
  const { items } = listAt(machine, state)
  const position = positionAt(machine, state)
  machine.pushValue(state, position === undefined ? null : new LuaList(items.slice(position + 1)))
  return 1
}

function pushSize(machine: LuaMachine, state: LuaState): number {
  machine.pushInteger(state, listAt(machine, state).items.length)
  return 1
}

function pushPackedSize(machine: LuaMachine, state: LuaState): number {
  machine.pushInteger(state, packedSizeOf(listAt(machine, state)) ?? 0)
  return 1
}

function pushPrinted(machine: LuaMachine, state: LuaState): number {
  machine.pushText(state, printValue(listAt(machine, state)) ?? '')
  return 1
}

/** `for value in list.iterator(l)`: ends at the first element that is nil, as any loop in Lua does. */
function iterate(machine: LuaMachine, state: LuaState): number {
  machine.pushFunction(state, nextItem)
  machine.pushObject(state, listAt(machine, state).items[Symbol.iterator](), 'Iterator')
  return 2
}

function nextItem(machine: LuaMachine, state: LuaState): number {
  const iterator = machine.objectAt(state, 1, 'Iterator') as Iterator<LuaValue>
  const { done, value } = iterator.next()
  if (done === true) return 0
  machine.pushValue(state, value)
  return 1
}

const FUNCTIONS: Readonly<Record<string, LuaFunction>> = {
  new: create,
  create,
  insert,
  append,
  prepend,
  remove,
  concat: concatenate,
  trim,
  take,
  drop,
  size: pushSize,
  nbytes: pushPackedSize,
  iterator: iterate,
  tostring: pushPrinted,
}
