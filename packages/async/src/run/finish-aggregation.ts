import {
  type AggregationReply,
  type BinValue,
  ByteReader,
  ByteWriter,
  EncodeError,
  RESULT_CODE,
  type RecordOptions,
  readMsgpack,
  readParticle,
  type Value,
  writeParticle,
} from '@aero/codec'
import { AerospikeError, errorFromCode } from '../errors.ts'
import { type AggregationPlan, describeAggregation } from '../plan/aggregation-plan.ts'
import { UsageError } from '../plan/usage-error.ts'

/**
 * A module of functions over streams, for the part of them that is the client's: what `lua.module(name, source)` of `@aero/lua`
 * makes.
 */
export interface StreamFunctions {
  /** The module's name as aggregations say it. */
  readonly name: string
  /**
   * The operations of a function from its first `reduce` on.
   *
   * @param args what the function is passed behind the stream
   * @param partials what the servers gave; in it, and in `args`, integers are bigints and maps are `Map`
   */
  finish(functionName: string, args: readonly BinValue[], partials: readonly BinValue[]): readonly Value[]
}

/** A value of an aggregation so that integers, doubles and the order of maps are not lost on the way to a function. */
export function readExactly(reply: AggregationReply, options: RecordOptions): BinValue {
  return reply.value(exactly(options))
}

function exactly(options: RecordOptions): RecordOptions {
  return { ...options, integers: 'bigint', maps: 'map' }
}

/** @throws UsageError when the function is of another module */
export function checkModule({ function: call }: AggregationPlan, { name }: StreamFunctions): void {
  if (name === call.packageName) return
  throw new UsageError(
    `the aggregation calls ${call.packageName}.${call.functionName}: finish it with that module, not with '${name}'`,
  )
}

/**
 * What comes of partial results, as a bin with that in it would be read.
 *
 * @throws UdfError when the function fails
 */
export function finishAggregation<V>(
  plan: AggregationPlan,
  functions: StreamFunctions,
  partials: readonly BinValue[],
  options: RecordOptions,
): V[] {
  const { functionName, arguments: packed } = plan.function
  const args = readMsgpack(ByteReader.over(packed), exactly(options)) as BinValue[]
  try {
    return functions.finish(functionName, args, partials).map((value) => readBack(value, options) as V)
  } catch (cause) {
    if (!(cause instanceof Error) || AerospikeError.is(cause)) throw cause
    const what = cause instanceof EncodeError ? `its result cannot be had: ${cause.message}` : cause.message
    throw errorFromCode(RESULT_CODE.UDF_BAD_RESPONSE, {
      message: `${describeAggregation(plan)}, in the client: ${what}`,
      cause,
    })
  }
}

function readBack(value: Value, options: RecordOptions): BinValue {
  const out = new ByteWriter(64)
  const type = writeParticle(out, value)
  const bytes = out.take()
  return readParticle(ByteReader.over(bytes), type, bytes.length, options) ?? null
}
