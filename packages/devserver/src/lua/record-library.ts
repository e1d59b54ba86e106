import { LuaBytes, type LuaMachine, LuaRefusal, type LuaState, type LuaValue } from '@aero/lua/machine'

/** The record that a function was called for. What it writes is kept back until the function asks for it to be stored. */
export interface LuaRecord {
  /** What a bin will hold; `undefined` when it is absent. Names are text, one character a byte. */
  get(bin: string): LuaValue | undefined
  set(bin: string, value: LuaValue): void
  /** Seconds to live from the next write on, unsigned. */
  setTtl(seconds: number): void
  dropKey(): void
  /** 0, or what the server answers when it will not. */
  create(): number
  update(): number
  remove(): number
  /** The record is there, or has been created. */
  readonly exists: boolean
  readonly ttl: number
  readonly generation: number
  /** Milliseconds since 2010. */
  readonly lastUpdateTime: number
  readonly size: number
  readonly setName: string | undefined
  readonly key: LuaValue
  readonly digest: Uint8Array
  /** `undefined` of a record that is not there. */
  readonly binNames: readonly string[] | undefined
}

/** One line that a function logs. */
export interface FunctionLog {
  readonly level: 'warning' | 'info' | 'debug' | 'detail' | 'critical'
  /** `file:line`, where the function says it. */
  readonly where: string
  readonly text: string
}

const LEVELS: readonly FunctionLog['level'][] = ['critical', 'warning', 'info', 'debug', 'detail']
/** The caller of `info` and its like, seen from the function of the host that they call. */
const CALLER_LEVEL = 2

/** What the `aerospike` object can do besides with records. */
export interface LuaHost {
  log(line: FunctionLog): void
  /** Milliseconds since 1970. */
  now(): number
}

/** `record`, records themselves and `aerospike`. Source: mod_lua_record.c and others of aerospike-mod-lua. */
export function addRecordLibrary(machine: LuaMachine, state: LuaState, host: LuaHost): void {
  machine.addClass(state, 'Record', { __index: getBin, __newindex: setBin })
  machine.addLibrary(state, 'record', {
    ttl: (at, s) => pushInteger(at, s, recordAt(at, s).ttl),
    gen: (at, s) => pushInteger(at, s, recordAt(at, s).generation),
    last_update_time: (at, s) => pushInteger(at, s, recordAt(at, s).lastUpdateTime),
    size: (at, s) => pushInteger(at, s, recordAt(at, s).size),
    memory_size: (at, s) => pushInteger(at, s, recordAt(at, s).size),
    // All records are in memory.
    device_size: (at, s) => pushInteger(at, s, 0),
    numbins: (at, s) => pushInteger(at, s, recordAt(at, s).binNames?.length ?? 0),
    key: (at, s) => pushValue(at, s, recordAt(at, s).key),
    setname: (at, s) => pushValue(at, s, recordAt(at, s).setName),
    digest: (at, s) => pushValue(at, s, new LuaBytes(recordAt(at, s).digest.slice())),
    bin_names: pushBinNames,
    set_ttl: setTtl,
    drop_key: (at, s) => {
      recordAt(at, s).dropKey()
      return 0
    },
  })
  addAerospike(machine, state, host)
}

function addAerospike(machine: LuaMachine, state: LuaState, host: LuaHost): void {
  machine.addClass(state, 'Aerospike', {})
  machine.addMethods(state, 'Aerospike', {
    create: (at, s) => pushInteger(at, s, ownRecordAt(at, s).create()),
    update: (at, s) => pushInteger(at, s, ownRecordAt(at, s).update()),
    remove: (at, s) => pushInteger(at, s, ownRecordAt(at, s).remove()),
    exists: (at, s) => {
      at.pushBoolean(s, ownRecordAt(at, s).exists)
      return 1
    },
    log,
    get_current_time: (at, s) => pushInteger(at, s, hostAt(at, s).now()),
  })
  machine.pushObject(state, host, 'Aerospike')
  machine.setGlobal(state, 'aerospike')
}

function recordAt(machine: LuaMachine, state: LuaState, index = 1): LuaRecord {
  return machine.objectAt(state, index, 'Record') as LuaRecord
}

/** The record that a function of `aerospike` is asked about. */
function ownRecordAt(machine: LuaMachine, state: LuaState): LuaRecord {
  hostAt(machine, state)
  return recordAt(machine, state, 2)
}

function hostAt(machine: LuaMachine, state: LuaState): LuaHost {
  return machine.objectAt(state, 1, 'Aerospike') as LuaHost
}

function pushInteger(machine: LuaMachine, state: LuaState, value: number): number {
  machine.pushInteger(state, value)
  return 1
}

function pushValue(machine: LuaMachine, state: LuaState, value: LuaValue | undefined): number {
  machine.pushValue(state, value)
  return 1
}

function getBin(machine: LuaMachine, state: LuaState): number {
  const record = recordAt(machine, state)
  const name = machine.optionalText(state, 2)
  return pushValue(machine, state, name === undefined ? null : record.get(name))
}

function setBin(machine: LuaMachine, state: LuaState): number {
  const record = recordAt(machine, state)
  const name = machine.optionalText(state, 2)
  if (name === undefined) return 0
  const value = machine.valueAt(state, 3)
  if (value === undefined) throw new LuaRefusal(`can't set bin ${name} to unsupported type`)
  record.set(name, value)
  return 0
}

function pushBinNames(machine: LuaMachine, state: LuaState): number {
  const names = recordAt(machine, state).binNames
  if (names === undefined) throw new LuaRefusal("can't get bin names")
  machine.pushTexts(state, names)
  return 1
}

function setTtl(machine: LuaMachine, state: LuaState): number {
  const record = recordAt(machine, state)
  record.setTtl(Number(BigInt.asUintN(32, machine.optionalInteger(state, 2, 0n))))
  return 0
}

function log(machine: LuaMachine, state: LuaState): number {
  const host = hostAt(machine, state)
  const level = LEVELS[Number(machine.optionalInteger(state, 2, 0n))] ?? 'detail'
  const text = Buffer.from(machine.optionalText(state, 3) ?? '', 'latin1').toString('utf8')
  host.log({ level, where: machine.whereIs(state, CALLER_LEVEL).replace(/: $/, ''), text })
  return 0
}
