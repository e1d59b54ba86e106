import { PARTICLE_TYPE } from '@aero/codec'
import { isContext } from '../apply/collection-operation.ts'
import { buildExpression } from '../evaluate/build.ts'
import { particleTypeOf } from '../evaluate/static-type.ts'
import {
  INDEX_TYPE,
  type IndexTypeName,
  type NamedDefinition,
  type SecondaryIndex,
} from '../store/index-table.ts'
import type { Namespace } from '../store/namespace.ts'
import type { InfoContext } from './info-context.ts'

type Parameters = ReadonlyMap<string, string>

/** Names of the types of values, as the info commands have them. */
const VALUE_TYPES: ReadonlyMap<string, number> = new Map([
  ['numeric', PARTICLE_TYPE.integer],
  ['string', PARTICLE_TYPE.string],
  ['blob', PARTICLE_TYPE.blob],
  ['geo2dsphere', PARTICLE_TYPE.geoJson],
])
const MAX_NAME_BYTES = 63
const MAX_BIN_BYTES = 15
/** What an empty index takes in the server. */
const EMPTY_INDEX_BYTES = 16_777_216

/** `sindex-create:…`, in the old form with `indexdata` and the new one. Source: as/src/sindex/sindex_manager.c. */
export function createIndex(context: InfoContext, parameters: Parameters): string {
  const problem =
    required(parameters, 'indexname', MAX_NAME_BYTES) ??
    required(parameters, 'namespace', MAX_NAME_BYTES) ??
    optional(parameters, 'set', MAX_NAME_BYTES)
  if (problem !== undefined) return problem
  const definition = readDefinition(parameters)
  if (typeof definition === 'string') return definition
  const namespace = namespaceOf(context, parameters)
  // The order goes into the cluster's metadata, where nobody minds a namespace that is not there.
  if (namespace === undefined) return definition.type === 'set' ? parameterError('namespace not found') : 'ok'
  return namespace.createIndex(definition, context.now)
    ? 'ok'
    : "ERROR:200:'indexname' already exists with different definition"
}

/** `sindex-delete:…`: also of an index that is not there. */
export function deleteIndex(context: InfoContext, parameters: Parameters): string {
  const problem = required(parameters, 'indexname', MAX_NAME_BYTES)
  if (problem !== undefined) return problem
  namespaceOf(context, parameters)?.indexes.delete(parameters.get('indexname') ?? '')
  return 'ok'
}

/** `sindex-exists:…`: `true` or `false`. */
export function indexExists(context: InfoContext, parameters: Parameters): string {
  return String(findIndex(context, parameters) !== undefined)
}

/** `sindex-list` or `sindex-list:namespace=…`. Contexts are given in Base64, with or without `b64=true`. */
export function listIndexes(context: InfoContext, parameters?: Parameters): string {
  const namespaces =
    parameters?.has('namespace') || parameters?.has('ns')
      ? [namespaceOf(context, parameters)]
      : context.namespaces
  return namespaces
    .flatMap(
      (namespace) =>
        namespace?.indexes.list().map((index) => printIndex(namespace, index, context.now)) ?? [],
    )
    .join(';')
}

/** `sindex-stat:…` and `sindex/namespace/name`. */
export function indexStatistics(context: InfoContext, parameters: Parameters): string {
  const index = findIndex(context, parameters)
  if (index === undefined) return 'ERROR:201:no index'
  const { entries, createdAt, readableAt } = index
  const buildMs = readableAt - createdAt
  const isBuilt = context.now >= readableAt
  const loaded = isBuilt ? 100 : Math.floor((100 * (context.now - createdAt)) / buildMs)
  return [
    `entries=${entries.size};used_bytes=${EMPTY_INDEX_BYTES}`,
    `entries_per_bval=${average(entries.size, entries.values)};entries_per_rec=${average(entries.size, entries.records)}`,
    `load_pct=${loaded};load_time=${isBuilt ? buildMs : 0};stat_gc_recs=0`,
  ].join(';')
}

/** Rounded; 0 of nothing. */
function average(total: number, count: number): number {
  return count === 0 ? 0 : Math.round(total / count)
}

function findIndex(context: InfoContext, parameters: Parameters): SecondaryIndex | undefined {
  return namespaceOf(context, parameters)?.indexes.findByName(parameters.get('indexname') ?? '')
}

function namespaceOf(context: InfoContext, parameters: Parameters): Namespace | undefined {
  const name = parameters.get('namespace') ?? parameters.get('ns')
  return context.namespaces.find((namespace) => namespace.name === name)
}

function readDefinition(parameters: Parameters): NamedDefinition | string {
  const type = readType(parameters.get('indextype'))
  if (type === undefined)
    return parameterError("bad 'indextype' - must be one of 'default', 'list', 'mapkeys', 'mapvalues'")
  const name = parameters.get('indexname') ?? ''
  const set = parameters.get('set')
  if (type === 'set') return readSetIndex(parameters, name, set)
  const context = parameters.get('context')
  if (context !== undefined && !isContext(Buffer.from(context, 'base64')))
    return parameterError("'context' invalid cdt context")
  const value = readValue(parameters)
  if (typeof value === 'string') return value
  const problem =
    value.expression === undefined ? undefined : checkExpression(value.expression, type, value.valueType)
  if (problem !== undefined) return problem
  if (type === 'mapkeys' && value.valueType === PARTICLE_TYPE.geoJson)
    return parameterError(
      "bad 'indexdata' bin type for 'indextype' 'mapkeys' - must be one of 'numeric', 'string', 'blob'",
    )
  return { name, set, type, context, ...value }
}

function readSetIndex(
  parameters: Parameters,
  name: string,
  set: string | undefined,
): NamedDefinition | string {
  for (const other of ['context', 'indexdata', 'type', 'bin', 'exp']) {
    if (parameters.has(other)) return parameterError(`${other} parameter is not supported for set index`)
  }
  if (set === undefined) return parameterError("missing 'set'")
  const rest = { bin: '', expression: undefined, context: undefined }
  return { name, set, valueType: PARTICLE_TYPE.nil, type: 'set', ...rest }
}

function readType(text = 'default'): IndexTypeName | undefined {
  const names = Object.keys(INDEX_TYPE) as IndexTypeName[]
  return names.find((name) => name === text.toLowerCase())
}

/** What is wrong with an index on an expression, if anything: of a list or map it has to give one. */
function checkExpression(expression: string, type: IndexTypeName, valueType: number): string | undefined {
  const given = buildExpression(Buffer.from(expression, 'base64'))
  if (given === undefined) return parameterError("bad 'exp'")
  const isMap = type === 'mapkeys' || type === 'mapvalues'
  const expected = type === 'default' ? valueType : isMap ? PARTICLE_TYPE.map : PARTICLE_TYPE.list
  const actual = particleTypeOf(given.type) ?? PARTICLE_TYPE.nil
  if (actual === expected) return undefined
  return parameterError(
    `bad 'exp' - expression type '${printType(actual)}' does not match expected type '${printType(expected)}'`,
  )
}

/** Types of values as errors have them. */
const TYPE_NAMES: ReadonlyMap<number, string> = new Map<number, string>([
  [PARTICLE_TYPE.integer, 'numeric'],
  [PARTICLE_TYPE.double, 'float'],
  [PARTICLE_TYPE.string, 'string'],
  [PARTICLE_TYPE.blob, 'blob'],
  [PARTICLE_TYPE.bool, 'bool'],
  [PARTICLE_TYPE.hyperLogLog, 'hll'],
  [PARTICLE_TYPE.map, 'map'],
  [PARTICLE_TYPE.list, 'list'],
  [PARTICLE_TYPE.geoJson, 'geo2dsphere'],
])

function printType(type: number): string {
  return TYPE_NAMES.get(type) ?? 'nil'
}

/** The part of a definition that says where its values come from. */
type ValueSource = Pick<NamedDefinition, 'bin' | 'expression' | 'valueType'>

function readValue(parameters: Parameters): ValueSource | string {
  const data = parameters.get('indexdata')
  const typeName = parameters.get('type')
  if (data === undefined && typeName === undefined)
    return parameterError("both 'indexdata' and 'type' are missing")
  if (data !== undefined && typeName !== undefined)
    return parameterError("both 'indexdata' and 'type' are specified")
  return data === undefined ? readNewForm(parameters, typeName ?? '') : readOldForm(data)
}

function readNewForm(parameters: Parameters, typeName: string): ValueSource | string {
  const valueType = VALUE_TYPES.get(typeName.toLowerCase())
  if (valueType === undefined)
    return parameterError("bad 'type' - must be one of 'numeric', 'string', 'blob', 'geo2dsphere'")
  const problem = optional(parameters, 'bin', MAX_BIN_BYTES)
  if (problem !== undefined) return problem
  const bin = parameters.get('bin')
  const hasExpression = parameters.has('exp')
  if (bin !== undefined && hasExpression) return parameterError("both 'bin' and 'exp' are specified")
  if (hasExpression && parameters.has('context'))
    return parameterError("both 'context' and 'exp' are specified")
  if (hasExpression) return { bin: '', expression: parameters.get('exp'), valueType }
  return bin === undefined
    ? parameterError("both 'bin' and 'exp' are missing")
    : { bin, expression: undefined, valueType }
}

function readOldForm(data: string): ValueSource | string {
  const comma = data.indexOf(',')
  if (comma < 0) return parameterError("'indexdata' missing bin type")
  if (comma === 0) return parameterError("'indexdata' missing bin name")
  const bin = data.slice(0, comma)
  if (Buffer.byteLength(bin) > MAX_BIN_BYTES) return parameterError("'indexdata' bin name too long")
  const valueType = VALUE_TYPES.get(data.slice(comma + 1).toLowerCase())
  return valueType === undefined
    ? parameterError("bad 'indexdata' bin type - must be one of 'numeric', 'string', 'blob', 'geo2dsphere'")
    : { bin, expression: undefined, valueType }
}

function required(parameters: Parameters, name: string, maxBytes: number): string | undefined {
  const hasIt = parameters.has(name) || (name === 'namespace' && parameters.has('ns'))
  return hasIt ? optional(parameters, name, maxBytes) : parameterError(`missing '${name}'`)
}

function optional(parameters: Parameters, name: string, maxBytes: number): string | undefined {
  const value = parameters.get(name)
  if (value === '') return parameterError(`missing '${name}' value`)
  const isTooLong = value !== undefined && Buffer.byteLength(value) > maxBytes
  return isTooLong ? parameterError(`'${name}' value too long`) : undefined
}

function parameterError(text: string): string {
  return `ERROR:4:${text}`
}

function printIndex(namespace: Namespace, index: SecondaryIndex, now: number): string {
  const start = `ns=${namespace.name}:indexname=${index.name}:set=${index.set ?? 'null'}`
  if (index.type === 'set') return `${start}:indextype=set`
  const valueType = [...VALUE_TYPES].find(([, type]) => type === index.valueType)?.[0]
  return `${start}:bin=${index.bin === '' ? 'null' : index.bin}:type=${valueType}:indextype=${index.type}:context=${index.context ?? 'null'}:exp=${index.expression ?? 'null'}:state=${now >= index.readableAt ? 'RW' : 'WO'}`
}
