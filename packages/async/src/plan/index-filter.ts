import {
  ByteWriter,
  encodeExpression,
  GeoJson,
  type IndexCollection,
  type IndexQuery,
  type PathStep,
  type Value,
  writeContext,
} from '@aero/codec'
import type { Exp } from './exp.ts'
import { UsageError } from './usage-error.ts'

/** Which index is asked, beside its bin. */
export interface IndexFilterOptions {
  /** What of a list or map is indexed; default the value as it stands. */
  readonly collection?: IndexCollection
  /** The path to what is indexed, inside of the bin; see `parseCtx`. */
  readonly context?: readonly PathStep[]
  /** The index by its name: the bin may then be left empty. */
  readonly indexName?: string
  /** The index by the expression that it holds; the bin is then left empty. */
  readonly expression?: Exp
}

/**
 * What is asked of a secondary index, said outright: for what conditions cannot say or are not turned into, such as elements of lists,
 * keys of maps, places and indexes on expressions. The index must exist, or the query fails with IndexError.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet, IndexFilter } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const query = session.query(DataSet.of('test', 'users')).filter(IndexFilter.containing('tags', 'new', { collection: 'LIST' }))
 * ```
 */
export const IndexFilter: {
  /** Values equal to this: an integer, a text or bytes. */
  equal(bin: string, value: Value, options?: IndexFilterOptions): IndexQuery
  /** Integers from one to another, both included. */
  between(bin: string, from: number | bigint, to: number | bigint, options?: IndexFilterOptions): IndexQuery
  /** Lists or maps with such an element, key or value. @throws UsageError without `collection` */
  containing(
    bin: string,
    value: Value,
    options: IndexFilterOptions & { readonly collection: Exclude<IndexCollection, 'DEFAULT'> },
  ): IndexQuery
  /** Points inside of a region. */
  within(bin: string, region: GeoJson, options?: IndexFilterOptions): IndexQuery
  /** Regions that contain a point. */
  around(bin: string, point: GeoJson, options?: IndexFilterOptions): IndexQuery
} = {
  equal: (bin, value, options) => indexQuery(bin, value, value, options),
  between: (bin, from, to, options) => {
    if (BigInt(checkInteger(from)) > BigInt(checkInteger(to)))
      throw new UsageError(`a range from ${from} to ${to} is empty`)
    return indexQuery(bin, from, to, options)
  },
  containing: (bin, value, options) => {
    if (options?.collection === undefined || (options.collection as string) === 'DEFAULT')
      throw new UsageError('containing() needs a collection: LIST, MAPKEYS or MAPVALUES')
    return indexQuery(bin, value, value, options)
  },
  within: (bin, region, options) => indexQuery(bin, checkGeo(region), region, options),
  around: (bin, point, options) => indexQuery(bin, checkGeo(point), point, options),
}

function indexQuery(bin: string, from: Value, to: Value, options: IndexFilterOptions = {}): IndexQuery {
  const { collection = 'DEFAULT', context, indexName, expression } = options
  if (indexName !== undefined && expression !== undefined)
    throw new UsageError('an index is known by its name or by its expression, not by both')
  if (bin === '' && indexName === undefined && expression === undefined)
    throw new UsageError('an index filter needs a bin, the name of the index, or its expression')
  checkValue(from)
  let bytes: Uint8Array | undefined
  if (context !== undefined && context.length > 0) {
    const out = new ByteWriter(32)
    writeContext(out, context)
    bytes = out.take()
  }
  return {
    bin,
    from,
    to,
    collection,
    context: bytes,
    indexName,
    expression: expression === undefined ? undefined : encodeExpression(expression),
  }
}

function checkValue(value: Value): void {
  if (typeof value === 'number') checkInteger(value)
  else if (
    typeof value !== 'bigint' &&
    typeof value !== 'string' &&
    !(value instanceof Uint8Array) &&
    !(value instanceof GeoJson)
  )
    throw new UsageError('indexes hold integers, texts, bytes and places')
}

function checkInteger(value: number | bigint): number | bigint {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new UsageError(`${value} is not a safe integer: indexes hold no doubles`)
  return value
}

function checkGeo(value: GeoJson): GeoJson {
  if (!(value instanceof GeoJson)) throw new UsageError('a place is a GeoJson')
  return value
}
