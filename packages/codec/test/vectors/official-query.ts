import type { VectorInput } from '@aero/testkit'
import type { FunctionCall } from '../../src/command/function-call.ts'
import type { IndexCollection } from '../../src/command/index-collection.ts'
import {
  type IndexQuery,
  type QueryPartitions,
  type QueryRequest,
  UDF_OPERATION,
} from '../../src/command/query-request.ts'
import { writeContext } from '../../src/expression/encode-expression.ts'
import type { PathStep } from '../../src/expression/node.ts'
import { FIELD_TYPE } from '../../src/message/field-type.ts'
import { INFO1, INFO2, INFO3 } from '../../src/message/info-bits.ts'
import { GeoJson } from '../../src/value/geo-json.ts'
import { writeMsgpack } from '../../src/value/msgpack-writer.ts'
import { PARTITION_COUNT } from '../../src/value/partition-id.ts'
import type { Value } from '../../src/value/value.ts'
import { ByteWriter } from '../../src/wire/byte-writer.ts'
import type { CapturedMessage } from './captured-message.ts'
import { member, type Notation, valueFrom } from './notation.ts'
import { operationFrom } from './official-calls.ts'

const COLLECTIONS: readonly IndexCollection[] = ['DEFAULT', 'LIST', 'MAPKEYS', 'MAPVALUES']
const DURATION = { short: 1, longRelaxed: 2 } as const
/** What the official client waits for background queries, and how long servers are told to wait for it. */
const BACKGROUND_TIMEOUT_MS = 1000
const SOCKET_TIMEOUT_MS = 30_000

/**
 * A scan or query of the official client, as recorded, as a request of ours. Taken from what was sent are only the job's number,
 * the bytes of expressions, and the text that the client makes of circles and points.
 */
export function queryRequestOf(input: VectorInput, captured: CapturedMessage): QueryRequest {
  const [namespace, setName, options] = input.args as [string, string | null, Notation]
  const steps = (input['steps'] ?? []) as [string, ...Notation[]][]
  const step = (name: string): Notation[] | undefined =>
    steps.find(([verb]) => verb === name)?.slice(1) as never
  const operate = step('operate')
  const background = step('background')
  const aggregation = step('apply') ?? udfOf(options)
  const policy = operate?.[1] ?? background?.[3] ?? (step('results') ?? step('foreach'))?.[0] ?? null
  const isBackground = operate !== undefined || background !== undefined
  const projected = member(options, 'ops') as Notation[] | undefined
  const operations = (operate?.[0] as Notation[] | undefined) ?? projected ?? []
  const duration = member(policy, 'expectedDuration')
  const paginated = member(options, 'paginate') === true
  const limit = member(policy, 'maxRecords') ?? member(options, 'maxRecords') ?? 0
  const isQuery = input.call === 'query'
  const timeout = member(policy, 'totalTimeout') as number | undefined
  return {
    namespace,
    setName: setName ?? undefined,
    info1: isBackground
      ? 0
      : INFO1.read |
        (member(options, 'nobins') === true ? INFO1.noBinData : 0) |
        (duration === DURATION.short ? INFO1.shortQuery : 0) |
        (member(policy, 'compress') === true ? INFO1.compressResponse : 0),
    info2: isBackground
      ? INFO2.write | (member(policy, 'durableDelete') === true ? INFO2.durableDelete : 0)
      : (projected === undefined ? 0 : INFO2.respondAllOps) |
        (duration === DURATION.longRelaxed ? INFO2.relaxApLongQuery : 0),
    info3: isBackground ? 0 : INFO3.partitionDone,
    expiration: isBackground ? ((member(options, 'ttl') as number | undefined) ?? 0) : -1,
    timeoutMs: timeout ?? (isBackground && isQuery ? BACKGROUND_TIMEOUT_MS : 0),
    socketTimeoutMs: (member(policy, 'socketTimeout') as number | undefined) ?? SOCKET_TIMEOUT_MS,
    recordsPerSecond: (member(policy, 'recordsPerSecond') as number | undefined) ?? 0,
    taskId: new DataView(field(captured, FIELD_TYPE.taskId).buffer).getBigUint64(0),
    index: indexOf(options, step, captured),
    filter: captured.fields.find(({ type }) => type === FIELD_TYPE.filter)?.payload,
    function: functionOf(background ?? aggregation),
    ...(aggregation === undefined ? {} : { udfOperation: UDF_OPERATION.aggregate }),
    partitions: isBackground || aggregation !== undefined ? undefined : partitionsOf(step('partitions')),
    maxRecords: paginated ? 0 : (limit as number),
    binNames: (step('select') ?? member(options, 'select') ?? []) as string[],
    operations: operations.map((operation, at) => operationFrom(operation, captured.operations[at])),
  }
}

/** What a page or a repetition asks for, all of it taken from what was sent: only the layout is compared. */
export function repeatedRequestOf(first: QueryRequest, captured: CapturedMessage): QueryRequest {
  const ids = optional(captured, FIELD_TYPE.partitionIds) ?? new Uint8Array(0)
  const view = new DataView(ids.buffer)
  return {
    ...first,
    taskId: new DataView(field(captured, FIELD_TYPE.taskId).buffer).getBigUint64(0),
    partitions: {
      whole: Array.from({ length: ids.length / 2 }, (_, at) => view.getUint16(2 * at, true)),
      digests: optional(captured, FIELD_TYPE.digests) ?? new Uint8Array(0),
      values: optional(captured, FIELD_TYPE.binValues),
    },
  }
}

function optional(captured: CapturedMessage, wanted: number): Uint8Array | undefined {
  return captured.fields.find(({ type }) => type === wanted)?.payload
}

function field(captured: CapturedMessage, wanted: number): Uint8Array {
  return optional(captured, wanted) ?? new Uint8Array(8)
}

function partitionsOf(given: Notation[] | undefined): QueryPartitions {
  const [start, count] = (given ?? [0, PARTITION_COUNT]) as [number, number]
  const whole = Array.from({ length: count }, (_, at) => start + at)
  return { whole, digests: new Uint8Array(0), values: undefined }
}

/** A function given with the query's options. */
function udfOf(options: Notation): Notation[] | undefined {
  const udf = member(options, 'udf')
  return udf === undefined
    ? undefined
    : ['module', 'funcname', 'args'].map((part) => member(udf, part) ?? null)
}

function functionOf(call: Notation[] | undefined): FunctionCall | undefined {
  if (call === undefined) return undefined
  const [packageName, functionName, args] = call
  const out = new ByteWriter()
  writeMsgpack(out, ((args as Notation[] | null) ?? []).map(valueFrom))
  return {
    packageName: packageName as string,
    functionName: functionName as string,
    arguments: out.take(),
  }
}

function indexOf(
  options: Notation,
  step: (name: string) => Notation[] | undefined,
  captured: CapturedMessage,
): IndexQuery | undefined {
  const [filter, extra] =
    step('where') ??
    step('whereWithIndexName') ??
    step('whereWithExp') ??
    ((member(options, 'filters') ?? []) as Notation[])
  if (filter === undefined) return undefined
  const name = (member(filter, '$fn') as string).replace('filter.', '')
  const [bin, first, ...more] = member(filter, 'args') as Notation[]
  const context = more.find((each) => member(each, '$ctx') !== undefined)
  const common = {
    bin: (bin as string | null) ?? '',
    collection: 'DEFAULT' as IndexCollection,
    context: context === undefined ? undefined : contextOf(context),
    indexName: step('whereWithIndexName') === undefined ? undefined : (extra as string),
    expression:
      step('whereWithExp') === undefined ? undefined : optional(captured, FIELD_TYPE.indexExpression),
  }
  switch (name) {
    case 'equal': {
      const value = valueFrom(first as Notation)
      return { ...common, from: value, to: value }
    }
    case 'range': {
      const [to, collection] = more as [number, number | undefined]
      return {
        ...common,
        from: first as number,
        to,
        collection: COLLECTIONS[collection ?? 0] as IndexCollection,
      }
    }
    case 'contains': {
      const value = valueFrom(first as Notation)
      return {
        ...common,
        from: value,
        to: value,
        collection: COLLECTIONS[more[0] as number] as IndexCollection,
      }
    }
    default: {
      const region = sentRegion(captured)
      return { ...common, from: region, to: region }
    }
  }
}

/** The text of the region or point that the client made of numbers. */
function sentRegion(captured: CapturedMessage): Value {
  const range = field(captured, FIELD_TYPE.indexRange)
  const start = 2 + (range[1] as number) + 5
  const size = new DataView(range.buffer).getUint32(start - 4)
  return new GeoJson(new TextDecoder().decode(range.subarray(start, start + size)))
}

function contextOf(notation: Notation): Uint8Array {
  const steps = (member(notation, '$ctx') as [string, Notation][]).map(([name, argument]): PathStep => {
    if (name === 'addMapKey') return { by: 'mapKey', value: valueFrom(argument) }
    if (name === 'addListIndex') return { by: 'listIndex', index: argument as number }
    throw new Error(`no translation for the context ${name}`)
  })
  const out = new ByteWriter()
  writeContext(out, steps)
  return out.take()
}
