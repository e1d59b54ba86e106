import type { VectorInput } from '@aero/testkit'
import { DELETE_BITS } from '../../src/command/delete-record.ts'
import { EXISTS_BITS } from '../../src/command/exists-record.ts'
import { operateBits } from '../../src/command/operate-record.ts'
import { READ_ALL_BITS, READ_BINS_BITS, READ_HEADER_BITS } from '../../src/command/read-record.ts'
import type { RecordRequest } from '../../src/command/record-request.ts'
import {
  commitLevelBits,
  WRITE_MODE_BITS,
  type WriteMode,
  writeConditionBits,
} from '../../src/command/write-record.ts'
import { INFO1, INFO2, INFO3, INFO4 } from '../../src/message/info-bits.ts'
import {
  addOperation,
  appendOperation,
  DELETE_OPERATION,
  type Operation,
  prependOperation,
  readOperation,
  TOUCH_OPERATION,
  writeOperation,
} from '../../src/message/operation.ts'
import { isWriteOperation } from '../../src/message/operation-type.ts'
import { Key, type KeyValue } from '../../src/value/key.ts'
import { writeMsgpack } from '../../src/value/msgpack-writer.ts'
import type { Value } from '../../src/value/value.ts'
import { ByteWriter } from '../../src/wire/byte-writer.ts'
import type { CapturedMessage } from './captured-message.ts'
import { member, type Notation, valueFrom } from './notation.ts'
import { collectionOperationFrom } from './official-collections.ts'

const FILTER_FIELD = 43
const DEFAULT_TIMEOUT_MS = 1000
const DEFAULT_ATTEMPT_TIMEOUT_MS = 30_000
/** A time to live that stands for the official client's own default, which is the server's. */
const TTL_OF_CLIENT = -3
const WRITE_MODES: readonly WriteMode[] = ['upsert', 'insert', 'update', 'replaceIfExists', 'replace']

/**
 * A call of the official client, as recorded, as a request of ours.
 *
 * @param captured what the official client sent: from it come the bytes of expression operations and of filters,
 * whose encoding is tested elsewhere. Nothing else is taken from it.
 */
export function requestOf(input: VectorInput, captured: CapturedMessage | undefined): RecordRequest {
  const [keyNotation, ...rest] = (input.args ?? []) as Notation[]
  const call = new Call(keyOf(keyNotation as Notation), captured)
  switch (input.call) {
    case 'get':
      return call.read(READ_ALL_BITS, undefined, rest[0])
    case 'exists':
      return call.read(EXISTS_BITS, undefined, rest[0])
    case 'existsWithMetadata':
      return call.read(READ_HEADER_BITS, undefined, rest[0])
    case 'select':
      return call.read(READ_BINS_BITS, rest[0] as string[], rest[1])
    case 'put':
      return call.put(rest[0] as { [bin: string]: Notation }, rest[1], rest[2])
    case 'remove':
      return call.remove(rest[0])
    case 'operate':
      return call.operate(rest[0] as Notation[], rest[1], rest[2])
    case 'add':
    case 'incr':
      return call.operateBins(addOperation, rest[0] as { [bin: string]: Notation }, rest[1])
    case 'append':
      return call.operateBins(appendOperation, rest[0] as { [bin: string]: Notation }, rest[1])
    case 'prepend':
      return call.operateBins(prependOperation, rest[0] as { [bin: string]: Notation }, rest[1])
    case 'apply':
      return call.apply(rest[0] as Notation, rest[1])
    default:
      throw new Error(`no translation for the call ${input.call}`)
  }
}

/** A key in the notation. */
export function keyOf(notation: Notation): Key {
  const parts = member(notation, '$key') as {
    ns: string
    set?: string | null
    key: Notation
    digest?: string
  }
  const { ns, set, key, digest } = parts
  if (key === null) return Key.fromDigest(ns, set ?? '', digest as string)
  return Key.of(ns, set ?? '', valueFrom(key) as KeyValue)
}

class Call {
  readonly #key: Key
  readonly #captured: CapturedMessage | undefined

  constructor(key: Key, captured: CapturedMessage | undefined) {
    this.#key = key
    this.#captured = captured
  }

  read(info1: number, binNames: string[] | undefined, policy: Notation | undefined): RecordRequest {
    return this.#request(policy, {
      info1: info1 | readBits(policy),
      info3: consistencyBits(policy),
      expiration: numberOf(policy, 'readTouchTtlPercent'),
      binNames,
    })
  }

  put(
    bins: { [bin: string]: Notation },
    meta: Notation | undefined,
    policy: Notation | undefined,
  ): RecordRequest {
    const named = member(bins, '$bin') as { name: string; value: Notation } | undefined
    if (named !== undefined) return this.put({ [named.name]: named.value }, meta, policy)
    const values = Object.fromEntries(Object.entries(bins).map(([bin, value]) => [bin, valueFrom(value)]))
    return this.#request(policy, { ...this.#writing(meta, policy), bins: values as { [bin: string]: Value } })
  }

  remove(policy: Notation | undefined): RecordRequest {
    const generation = numberOf(policy, 'generation')
    const writing = this.#writing({ gen: generation }, policy)
    return this.#request(policy, { ...writing, info2: writing.info2 | DELETE_BITS, expiration: 0 })
  }

  apply(udf: Notation, policy: Notation | undefined): RecordRequest {
    const { module, funcname, args } = udf as { module: string; funcname: string; args?: Notation[] }
    const out = new ByteWriter(64)
    writeMsgpack(out, (args ?? []).map(valueFrom))
    const writing = this.#writing({ ttl: numberOf(policy, 'ttl') }, policy)
    return this.#request(policy, {
      ...writing,
      info1: member(policy, 'compress') === true ? INFO1.compressResponse : 0,
      info2: writing.info2 | INFO2.write,
      function: { packageName: module, functionName: funcname, arguments: out.take() },
    })
  }

  operateBins(
    make: (bin: string, value: Value) => Operation,
    bins: { [bin: string]: Notation },
    meta: Notation | undefined,
  ): RecordRequest {
    const operations = Object.entries(bins).map(([bin, value]) => make(bin, valueFrom(value)))
    return this.#operate(operations, false, meta, undefined)
  }

  operate(calls: Notation[], meta: Notation | undefined, policy: Notation | undefined): RecordRequest {
    const operations = calls.map((call, index) => operationFrom(call, this.#captured?.operations[index]))
    // The official client asks for a slot per operation when one of these is among them, whatever the caller wants.
    const wantsAll = calls.some((call) => /^(maps|bitwise|hll|exp)\./.test(member(call, '$fn') as string))
    const touch = calls.find((call) => member(call, '$fn') === 'operations.touch')
    const ttl = (member(touch, 'args') as number[] | undefined)?.[0]
    return this.#operate(
      operations,
      wantsAll,
      ttl === undefined ? meta : { gen: numberOf(meta, 'gen'), ttl },
      policy,
    )
  }

  #operate(
    operations: Operation[],
    respondAll: boolean,
    meta: Notation | undefined,
    policy: Notation | undefined,
  ): RecordRequest {
    const bits = operateBits(operations, respondAll)
    const writes = operations.some(({ type }) => isWriteOperation(type))
    if (!writes) {
      return this.#request(policy, {
        ...bits,
        info1: bits.info1 | readBits(policy),
        info3: consistencyBits(policy),
        expiration: numberOf(policy, 'readTouchTtlPercent'),
        operations,
      })
    }
    const writing = this.#writing(meta, policy)
    return this.#request(policy, {
      ...writing,
      info1: bits.info1 | (bits.info1 === 0 ? 0 : readBits(policy)),
      info2: writing.info2 | bits.info2,
      info3: writing.info3 | consistencyBits(policy),
      operations,
    })
  }

  #writing(
    meta: Notation | undefined,
    policy: Notation | undefined,
  ): { info2: number; info3: number; info4: number; generation: number; expiration: number } {
    const mode = WRITE_MODE_BITS[WRITE_MODES[numberOf(policy, 'exists')] as WriteMode]
    const compare = (['none', 'equal', 'greater'] as const)[numberOf(policy, 'gen')] ?? 'none'
    const durable = member(policy, 'durableDelete') === true
    const commit = numberOf(policy, 'commitLevel') === 1 ? 'master' : 'all'
    return {
      info2: mode.info2 | writeConditionBits(compare, durable),
      info3: mode.info3 | commitLevelBits(commit),
      info4: member(policy, 'onLockingOnly') === true ? INFO4.mrtOnLockingOnly : 0,
      generation: compare === 'none' ? 0 : numberOf(meta, 'gen'),
      expiration: numberOf(meta, 'ttl') === TTL_OF_CLIENT ? 0 : numberOf(meta, 'ttl'),
    }
  }

  #request(policy: Notation | undefined, parts: Partial<RecordRequest>): RecordRequest {
    const total = member(policy, 'totalTimeout') as number | undefined
    const perAttempt = (member(policy, 'socketTimeout') as number | undefined) ?? DEFAULT_ATTEMPT_TIMEOUT_MS
    const timeout = total ?? DEFAULT_TIMEOUT_MS
    const filtered = (member(policy, 'filterExpression') ?? null) !== null
    return {
      key: this.#key,
      info1: 0,
      info2: 0,
      info3: 0,
      info4: 0,
      generation: 0,
      expiration: 0,
      timeoutMs: perAttempt > 0 && perAttempt < timeout ? perAttempt : timeout,
      sendKey: numberOf(policy, 'key') === 1,
      filter: filtered
        ? this.#captured?.fields.find(({ type }) => type === FILTER_FIELD)?.payload
        : undefined,
      operations: undefined,
      binNames: undefined,
      bins: undefined,
      ...parts,
    }
  }
}

/** One operation of a call. @param sent what the official client made of it, where the bytes are taken from that */
export function operationFrom(
  call: Notation,
  sent: CapturedMessage['operations'][number] | undefined,
): Operation {
  const name = member(call, '$fn') as string
  const [bin, operand] = (member(call, 'args') ?? []) as Notation[]
  const value = operand === undefined ? null : valueFrom(operand)
  switch (name) {
    case 'operations.read':
      return readOperation(bin as string)
    case 'operations.write':
      return writeOperation(bin as string, value)
    case 'operations.incr':
    case 'operations.add':
      return addOperation(bin as string, value)
    case 'operations.append':
      return appendOperation(bin as string, value)
    case 'operations.prepend':
      return prependOperation(bin as string, value)
    case 'operations.touch':
      return TOUCH_OPERATION
    case 'operations.delete':
      return DELETE_OPERATION
    default: {
      const ours = collectionOperationFrom(call)
      if (ours !== undefined) return ours
      if (sent === undefined) throw new Error(`no captured operation for ${name}`)
      const target = name.startsWith('exp.') ? sent.bin : (bin as string)
      return { type: sent.type, bin: target, value: undefined, payload: sent.payload }
    }
  }
}

function numberOf(notation: Notation | undefined, name: string): number {
  return (member(notation, name) as number | undefined) ?? 0
}

function readBits(policy: Notation | undefined): number {
  const all = numberOf(policy, 'readModeAP') === 1 ? INFO1.readModeApAll : 0
  return all | (member(policy, 'compress') === true ? INFO1.compressResponse : 0)
}

function consistencyBits(policy: Notation | undefined): number {
  const mode = numberOf(policy, 'readModeSC')
  return (mode & 1 ? INFO3.scReadType : 0) | (mode & 2 ? INFO3.scReadRelax : 0)
}
