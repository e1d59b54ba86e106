import { FIELD_TYPE, INFO1, INFO2, OPERATION_TYPE, PARTICLE_TYPE } from '@aero/codec'
import type { Random } from '@aero/testkit'
import { message, type Operation } from '../message-bytes.ts'
import {
  dropsDuplicates,
  isDeadly,
  keepsIndex,
  keepsValueIndex,
  modifiesByPath,
  stepsByValue,
} from './deadly.ts'
import { BINS, randomFilter } from './random-expression.ts'
import {
  orderingOperation,
  type RandomOperation,
  randomOperation,
  smallerExpressions,
  smallerOperations,
} from './random-operations.ts'
import {
  inOrder,
  randomDouble,
  randomGeometry,
  randomInteger,
  randomKey,
  randomList,
  randomMap,
  randomSketch,
  randomText,
} from './random-values.ts'
import { pack, show, smaller, type Tree } from './tree.ts'

/** One record's life: what is in its bins at first, and the commands that follow, each of some operations. */
export interface Case {
  readonly bins: readonly (readonly [name: string, type: number, value: Tree])[]
  /** The user's key, which is stored with the record. */
  readonly key?: Tree
  readonly commands: readonly RandomCommand[]
}

interface RandomCommand {
  /** The condition on which it is carried out. */
  readonly filter?: Tree
  readonly operations: readonly RandomOperation[]
}

export function randomCase(
  random: Random,
  next: (random: Random) => RandomOperation = randomOperation,
): Case {
  const bins: [string, number, Tree][] = []
  const ordered = (tree: Tree): Tree => (random.chance(0.2) ? inOrder(random, tree) : tree)
  for (const name of BINS.list)
    if (random.chance(0.8)) bins.push([name, PARTICLE_TYPE.list, ordered(randomList(random, 2))])
  for (const name of BINS.map)
    if (random.chance(0.8)) bins.push([name, PARTICLE_TYPE.map, ordered(randomMap(random, 2))])
  for (const name of BINS.blob)
    if (random.chance(0.8)) bins.push([name, PARTICLE_TYPE.blob, random.bytes(random.int(0, 6))])
  for (const name of BINS.hll)
    if (random.chance(0.5)) bins.push([name, PARTICLE_TYPE.hyperLogLog, randomSketch(random)])
  bins.push(
    ['i', PARTICLE_TYPE.integer, randomInteger(random)],
    ['f', PARTICLE_TYPE.double, randomDouble(random)],
    ['s', PARTICLE_TYPE.string, randomText(random)],
    ['t', PARTICLE_TYPE.bool, random.chance()],
  )
  if (random.chance(0.3)) bins.push(['g', PARTICLE_TYPE.geoJson, { geo: randomGeometry(random) }])
  const commands = Array.from({ length: random.int(1, 6) }, () => randomCommand(random, next))
  const key = random.chance(0.3) ? { key: randomKey(random) } : {}
  return survivable({ bins, ...key, commands: [...orderings(random), ...commands] })
}

function randomCommand(random: Random, next: (random: Random) => RandomOperation): RandomCommand {
  const operations = Array.from({ length: random.chance(0.8) ? 1 : 2 }, () => next(random))
  const filter = random.chance(0.15) ? { filter: randomFilter(random) } : {}
  return { ...filter, operations: operations.filter((one) => !isDeadly(one)) }
}

/** A filter, as what it would be among the operations. */
function asOperation(filter: Tree): RandomOperation {
  return { type: OPERATION_TYPE.expressionRead, bin: '', payload: filter }
}

/** Without what the real server does not survive, and without commands that are empty by that. */
function survivable(of: Case): Case {
  const operations = of.commands.flatMap((command) => [
    ...command.operations,
    ...(command.filter === undefined ? [] : [asOperation(command.filter)]),
  ])
  const indexed = new Set(operations.filter(keepsValueIndex).map(({ bin }) => bin))
  const keeps = operations.some(keepsIndex)
  const isBad = (one: RandomOperation): boolean => {
    const mayMeet = EXPRESSIONS.has(one.type) ? indexed.size > 0 : indexed.has(one.bin)
    return (
      isDeadly(one) ||
      (mayMeet && stepsByValue(one)) ||
      (keeps && (modifiesByPath(one) || dropsDuplicates(one)))
    )
  }
  const commands = of.commands.flatMap(({ filter, operations: all }) => {
    const left = all.filter((one) => !isBad(one))
    if (left.length === 0 || (filter !== undefined && isBad(asOperation(filter)))) return []
    return [filter === undefined ? { operations: left } : { filter, operations: left }]
  })
  return { ...of, commands }
}

const EXPRESSIONS: ReadonlySet<number> = new Set([
  OPERATION_TYPE.expressionRead,
  OPERATION_TYPE.expressionModify,
])

/** What gives some of the lists and maps another order at first. */
function orderings(random: Random): RandomCommand[] {
  return [...BINS.list, ...BINS.map]
    .filter(() => random.chance(0.2))
    .map((bin) => orderingOperation(random, bin, (BINS.list as readonly string[]).includes(bin)))
    .map((one) => ({ operations: [one] }))
}

const READING: ReadonlySet<number> = new Set([
  OPERATION_TYPE.collectionRead,
  OPERATION_TYPE.bitRead,
  OPERATION_TYPE.hyperLogLogRead,
  OPERATION_TYPE.expressionRead,
])
const NAMES = new Map(Object.entries(OPERATION_TYPE).map(([name, type]) => [type as number, name]))

/** The requests: the record as it is at first, the commands, the record as it is at last, and its end. */
export function requestsOf({ bins, key, commands }: Case, digest: Uint8Array): Uint8Array[] {
  const at = { digest, set: 'differential' }
  const first = bins.map(([bin, particleType, value]) => ({
    type: OPERATION_TYPE.write,
    bin,
    particleType,
    value: particleOf(particleType, value),
  }))
  return [
    message({
      ...at,
      info2: INFO2.write,
      operations: first,
      ...(key === undefined ? {} : { key: keyField(key) }),
    }),
    ...commands.map(({ filter, operations }) => {
      const fields: [number, Uint8Array][] = filter === undefined ? [] : [[FIELD_TYPE.filter, pack(filter)]]
      return message({ ...at, ...infoOf(operations), fields, operations: operations.map(packed) })
    }),
    message({ ...at, info1: INFO1.read | INFO1.getAll }),
    message({ ...at, info2: INFO2.write | INFO2.delete }),
  ]
}

function keyField(key: Tree): Uint8Array {
  const type =
    typeof key === 'string'
      ? PARTICLE_TYPE.string
      : key instanceof Uint8Array
        ? PARTICLE_TYPE.blob
        : PARTICLE_TYPE.integer
  return Buffer.concat([Buffer.of(type), particleOf(type, key)])
}

function infoOf(operations: readonly RandomOperation[]): { readonly info1: number; readonly info2: number } {
  const reads = operations.some(({ type }) => READING.has(type))
  const writes = operations.some(({ type }) => !READING.has(type))
  return {
    info1: reads ? INFO1.read : 0,
    info2: INFO2.respondAllOps | (writes ? INFO2.write : 0),
  }
}

function packed({ type, bin, payload }: RandomOperation): Operation {
  return { type, bin, particleType: PARTICLE_TYPE.blob, value: pack(payload) }
}

function particleOf(type: number, value: Tree): Uint8Array {
  switch (type) {
    case PARTICLE_TYPE.blob:
    case PARTICLE_TYPE.hyperLogLog:
      return value as Uint8Array
    case PARTICLE_TYPE.string:
      return Buffer.from(value as string)
    case PARTICLE_TYPE.bool:
      return Buffer.of(value === true ? 1 : 0)
    case PARTICLE_TYPE.geoJson:
      return Buffer.concat([
        Buffer.alloc(GEO_JSON_HEAD_BYTES),
        Buffer.from((value as { readonly geo: string }).geo),
      ])
    case PARTICLE_TYPE.double: {
      const bytes = Buffer.alloc(8)
      bytes.writeDoubleBE(value as number)
      return bytes
    }
    case PARTICLE_TYPE.integer: {
      const bytes = Buffer.alloc(8)
      bytes.writeBigInt64BE(BigInt(value as number))
      return bytes
    }
    default:
      return pack(value)
  }
}

const GEO_JSON_HEAD_BYTES = 3

/** Values that are not made smaller. */
const WHOLE: ReadonlySet<number> = new Set([
  PARTICLE_TYPE.integer,
  PARTICLE_TYPE.double,
  PARTICLE_TYPE.string,
  PARTICLE_TYPE.bool,
  PARTICLE_TYPE.geoJson,
  PARTICLE_TYPE.hyperLogLog,
])

/** The same, smaller by one step. */
export function* smallerCases(of: Case): Generator<Case> {
  for (const lesser of lesserCases(of)) yield survivable(lesser)
}

function* lesserCases(of: Case): Generator<Case> {
  const { bins, commands } = of
  for (const index of commands.keys())
    yield { ...of, commands: commands.filter((_, other) => other !== index) }
  for (const index of bins.keys()) yield { ...of, bins: bins.filter((_, other) => other !== index) }
  if (of.key !== undefined) yield { bins, commands }
  for (const [index, command] of commands.entries())
    for (const less of lesserCommands(command)) yield { ...of, commands: commands.with(index, less) }
  for (const [index, [name, type, value]] of bins.entries()) {
    if (WHOLE.has(type)) continue
    for (const less of smaller(value)) yield { ...of, bins: bins.with(index, [name, type, less]) }
  }
}

function* lesserCommands({ filter, operations }: RandomCommand): Generator<RandomCommand> {
  if (filter !== undefined) {
    yield { operations }
    for (const less of smallerExpressions(filter)) yield { filter: less, operations }
  }
  const same = filter === undefined ? {} : { filter }
  for (const [at, operation] of operations.entries()) {
    yield { ...same, operations: operations.filter((_, other) => other !== at) }
    for (const less of smallerOperations(operation)) yield { ...same, operations: operations.with(at, less) }
  }
}

/** As it would be told. */
export function showCase({ bins, key, commands }: Case): string {
  const first = bins.map(
    ([name, , value]) => `  ${name} = ${typeof value === 'number' ? value : show(value)}`,
  )
  const stored = key === undefined ? [] : [`  key ${show(key)}`]
  const then = commands.map(({ filter, operations }, index) => {
    const told = operations.map(({ type, bin, payload }) => `${NAMES.get(type)} ${bin} ${show(payload)}`)
    const condition = filter === undefined ? '' : `if ${show(filter)}: `
    return `  ${index + 1}: ${condition}${told.join('  +  ')}`
  })
  return [...stored, ...first, ...then].join('\n')
}
