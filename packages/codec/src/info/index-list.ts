import { parseBase64 } from '../wire/base64.ts'
import { type InfoPairs, parseInfoPairs } from './info-pairs.ts'

/*
 * list   :=  index ( ";" index )*                       the answer to sindex-list:namespace=N;b64=true
 * index  :=  pair ( ":" pair )*                         ns indexname set bin type indextype context exp state; null for none
 */

/** A secondary index as a server tells of it. */
export interface ListedIndex {
  readonly namespace: string
  readonly name: string
  /** `undefined`: all of the namespace. */
  readonly set: string | undefined
  /** `undefined` for an index on an expression, or of a set as a whole. */
  readonly bin: string | undefined
  readonly type: 'NUMERIC' | 'STRING' | 'BLOB' | 'GEO2DSPHERE' | undefined
  readonly collection: 'DEFAULT' | 'LIST' | 'MAPKEYS' | 'MAPVALUES' | 'SET'
  /** The path to what is indexed, as msgpack. */
  readonly context: Uint8Array | undefined
  /** The expression that is indexed, encoded. */
  readonly expression: Uint8Array | undefined
  /** Queries may use it: it is built. */
  readonly isReadable: boolean
}

const TYPES: { readonly [name: string]: ListedIndex['type'] } = {
  numeric: 'NUMERIC',
  integer: 'NUMERIC',
  string: 'STRING',
  blob: 'BLOB',
  geo2dsphere: 'GEO2DSPHERE',
}

const COLLECTIONS: { readonly [name: string]: ListedIndex['collection'] } = {
  default: 'DEFAULT',
  none: 'DEFAULT',
  list: 'LIST',
  mapkeys: 'MAPKEYS',
  mapvalues: 'MAPVALUES',
  set: 'SET',
}

/**
 * The indexes in an answer to `sindex-list:namespace=…;b64=true`. Kinds that are not known here are left out.
 *
 * @throws DecodeError for a context or an expression that is no base64.
 */
export function parseIndexList(text: string): ListedIndex[] {
  return text
    .split(';')
    .filter((entry) => entry !== '')
    .map((entry) => indexFrom(parseInfoPairs(entry, ':')))
    .filter((index) => index !== undefined)
}

function indexFrom(pairs: InfoPairs): ListedIndex | undefined {
  const given = (name: string): string | undefined => {
    const value = pairs[name]
    return value === 'null' || value === '' ? undefined : value
  }
  const namespace = given('ns')
  const name = given('indexname')
  const collection = COLLECTIONS[(pairs['indextype'] ?? 'default').toLowerCase()]
  const type = TYPES[(pairs['type'] ?? '').toLowerCase()]
  if (namespace === undefined || name === undefined || collection === undefined) return undefined
  if (type === undefined && collection !== 'SET') return undefined
  const context = given('context')
  const expression = given('exp')
  return {
    namespace,
    name,
    set: given('set'),
    bin: given('bin'),
    type,
    collection,
    context: context === undefined ? undefined : parseBase64(context),
    expression: expression === undefined ? undefined : parseBase64(expression),
    // A set index has no state of its own here.
    isReadable: (pairs['state'] ?? 'RW') === 'RW',
  }
}
