import { EncodeError } from '../errors.ts'
import { printBase64 } from '../wire/base64.ts'
import { isBuildAtLeast, type ServerBuild } from './build.ts'
import { infoArgument } from './info-argument.ts'

/** What a secondary index holds. Plain data. */
export interface IndexCreation {
  readonly namespace: string
  /** `undefined`: all of the namespace. */
  readonly set: string | undefined
  readonly name: string
  /** `undefined` for an index on an expression, or of a set as a whole. */
  readonly bin: string | undefined
  /** `undefined` only for the index of a set as a whole. */
  readonly type: 'INTEGER' | 'STRING' | 'BLOB' | 'GEO2DSPHERE' | undefined
  readonly collection: 'DEFAULT' | 'LIST' | 'MAPKEYS' | 'MAPVALUES' | 'SET'
  /** The path to what is indexed, as msgpack. */
  readonly context: Uint8Array | undefined
  /** The expression that is indexed, encoded. */
  readonly expression: Uint8Array | undefined
}

/**
 * The command that creates an index, as a server of this version wants it: before 8.1 the bin and its type were one argument; from
 * 8.1.3 on integers have their own name.
 *
 * @throws EncodeError for what cannot be said, above all a name with a separator in it.
 */
export function printIndexCreation(index: IndexCreation, build: ServerBuild): string {
  const { namespace, set, name, bin, type, collection, context, expression } = index
  const parts = [`namespace=${infoArgument('namespace', namespace)}`]
  if (set !== undefined) parts.push(`set=${infoArgument('set', set)}`)
  parts.push(`indexname=${infoArgument('name', name)}`)
  if (context !== undefined && context.length > 0) parts.push(`context=${printBase64(context)}`)
  if (expression !== undefined) parts.push(`exp=${printBase64(expression)}`)
  if (collection !== 'DEFAULT') parts.push(`indextype=${collection}`)
  if (collection === 'SET') {
    if (set === undefined) throw new EncodeError('set', 'the index of a set as a whole needs the set')
    return `sindex-create:${parts.join(';')}`
  }
  if (type === undefined) throw new EncodeError('type', 'an index needs the type of its values')
  const typeName = type === 'INTEGER' && !isBuildAtLeast(build, 8, 1, 3) ? 'NUMERIC' : type
  if (expression !== undefined) parts.push(`type=${typeName}`)
  else {
    const indexed = infoArgument('bin', bin ?? '')
    parts.push(
      isBuildAtLeast(build, 8, 1) ? `bin=${indexed};type=${typeName}` : `indexdata=${indexed},${typeName}`,
    )
  }
  return `sindex-create:${parts.join(';')}`
}

/** The command that drops an index. @throws EncodeError for a name with a separator in it. */
export function printIndexDeletion(namespace: string, name: string): string {
  return `sindex-delete:namespace=${infoArgument('namespace', namespace)};indexname=${infoArgument('name', name)}`
}

/**
 * The command that removes the records of a set or namespace.
 *
 * @param before only those last changed before this moment, in nanoseconds since 1970
 * @throws EncodeError for a name with a separator in it, and for a moment before 1970.
 */
export function printTruncation(
  namespace: string,
  set: string | undefined,
  before: bigint | undefined,
): string {
  const parts = [`namespace=${infoArgument('namespace', namespace)}`]
  if (set !== undefined) parts.push(`set=${infoArgument('set', set)}`)
  if (before !== undefined) {
    if (before <= 0n) throw new EncodeError('before', `${before} is no moment after 1970`)
    parts.push(`lut=${before}`)
  }
  return `${set === undefined ? 'truncate-namespace' : 'truncate'}:${parts.join(';')}`
}
