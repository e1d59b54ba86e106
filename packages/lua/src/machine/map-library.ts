import { elementAt } from './list-library.ts'
import { LUA_TYPE, type LuaFunction, type LuaMachine, type LuaState } from './lua-machine.ts'
import { LuaMap, type LuaPair, printValue } from './lua-value.ts'
import { packedSizeOf } from './packed-size.ts'

type Pairs = Iterator<LuaPair>

/** `map`, as functions in Lua know it. Source: mod_lua_map.c of aerospike-mod-lua. */
export function addMapLibrary(machine: LuaMachine, state: LuaState): void {
  machine.addClass(state, 'Map', {
    __index: getValue,
    __newindex: setValue,
    __len: pushSize,
    __tostring: pushPrinted,
  })
  machine.addLibrary(state, 'map', FUNCTIONS, construct)
}

function mapAt(machine: LuaMachine, state: LuaState): LuaMap {
  return machine.objectAt(state, 1, 'Map') as LuaMap
}

/** `map()`, `map{…}`: the fields of the table whose key and value can be in a map. */
function construct(machine: LuaMachine, state: LuaState): number {
  machine.optionalInteger(state, 3, 0n)
  const map = new LuaMap()
  const count = machine.count(state)
  if ((count === 2 || count === 3) && machine.typeAt(state, 2) === LUA_TYPE.table) {
    machine.eachField(state, 2, () => {
      const key = elementAt(machine, state, -2)
      const value = elementAt(machine, state, -1)
      if (key !== undefined && value !== undefined) map.set(key, value)
    })
  }
  machine.pushObject(state, map, 'Map')
  return 1
}

/** `map.create(capacity)`: how much room it has makes no difference here. */
function create(machine: LuaMachine, state: LuaState): number {
  if (machine.count(state) !== 1 || machine.optionalInteger(state, 1, 0n) < 1n) return 0
  machine.pushObject(state, new LuaMap(), 'Map')
  return 1
}

function getValue(machine: LuaMachine, state: LuaState): number {
  const map = mapAt(machine, state)
  const key = elementAt(machine, state, 2)
  machine.pushValue(state, key === undefined ? null : map.get(key))
  return 1
}

/** A value that cannot be in a map removes the key; nil is one that can. */
function setValue(machine: LuaMachine, state: LuaState): number {
  const map = mapAt(machine, state)
  const key = elementAt(machine, state, 2)
  if (key === undefined) return 0
  const value = machine.valueAt(state, 3)
  if (value === undefined) map.delete(key)
  else if (elementAt(machine, state, 3) !== undefined) map.set(key, value)
  return 0
}

function remove(machine: LuaMachine, state: LuaState): number {
  const map = mapAt(machine, state)
  const key = elementAt(machine, state, 2)
  if (key !== undefined) map.delete(key)
  return 0
}

function pushSize(machine: LuaMachine, state: LuaState): number {
  machine.pushInteger(state, mapAt(machine, state).size)
  return 1
}

function pushPackedSize(machine: LuaMachine, state: LuaState): number {
  machine.pushInteger(state, packedSizeOf(mapAt(machine, state)) ?? 0)
  return 1
}

function pushPrinted(machine: LuaMachine, state: LuaState): number {
  machine.pushText(state, printValue(mapAt(machine, state)) ?? '')
  return 1
}

/** A function that begins a loop over what `pick` takes from each pair. */
function iterate(next: LuaFunction): LuaFunction {
  return (machine, state) => {
    machine.pushFunction(state, next)
    machine.pushObject(state, mapAt(machine, state).inOrder()[Symbol.iterator](), 'Iterator')
    return 2
  }
}

function nextPair(machine: LuaMachine, state: LuaState): LuaPair | undefined {
  const { done, value } = (machine.objectAt(state, 1, 'Iterator') as Pairs).next()
  return done === true ? undefined : value
}

function pushNextPair(machine: LuaMachine, state: LuaState): number {
  const pair = nextPair(machine, state)
  if (pair === undefined) return 0
  machine.pushValue(state, pair[0])
  machine.pushValue(state, pair[1])
  return 2
}

function pushNextKey(machine: LuaMachine, state: LuaState): number {
  const pair = nextPair(machine, state)
  if (pair === undefined) return 0
  machine.pushValue(state, pair[0])
  return 1
}

function pushNextValue(machine: LuaMachine, state: LuaState): number {
  const pair = nextPair(machine, state)
  if (pair === undefined) return 0
  machine.pushValue(state, pair[1])
  return 1
}

const pairs = iterate(pushNextPair)

const FUNCTIONS: Readonly<Record<string, LuaFunction>> = {
  new: create,
  create,
  iterator: pairs,
  pairs,
  keys: iterate(pushNextKey),
  values: iterate(pushNextValue),
  remove,
  size: pushSize,
  nbytes: pushPackedSize,
  tostring: pushPrinted,
}
