import { INFO1, INFO2, OPERATION_TYPE, PARTICLE_TYPE } from '@aero/codec'
import type { Random } from '@aero/testkit'
import { message, type Operation } from '../message-bytes.ts'
import {
  BINS,
  isDeadly,
  keepsValueIndex,
  orderingOperation,
  type RandomOperation,
  randomOperation,
  smallerPayloads,
  stepsByValue,
} from './random-operations.ts'
import { inOrder, randomList, randomMap, randomSketch } from './random-values.ts'
import { pack, show, smaller, type Tree } from './tree.ts'

/** One record's life: what is in its bins at first, and the commands that follow, each of some operations. */
export interface Case {
  readonly bins: readonly (readonly [name: string, type: number, value: Tree])[]
  readonly commands: readonly (readonly RandomOperation[])[]
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
  bins.push(['i', PARTICLE_TYPE.integer, random.int(-5, 100)], ['s', PARTICLE_TYPE.string, random.text(5)])
  const commands = Array.from({ length: random.int(1, 6) }, () =>
    Array.from({ length: random.chance(0.8) ? 1 : 2 }, () => next(random)).filter((one) => !isDeadly(one)),
  ).filter((operations) => operations.length > 0)
  return survivable({ bins, commands: [...orderings(random), ...commands] })
}

/** Without the steps by value into maps that may keep an index of their values, see {@link stepsByValue}. */
function survivable({ bins, commands }: Case): Case {
  const keeping = new Set(
    commands.flatMap((operations) => operations.filter(keepsValueIndex).map(({ bin }) => bin)),
  )
  const left = commands.map((operations) =>
    operations.filter((one) => !keeping.has(one.bin) || !stepsByValue(one)),
  )
  return { bins, commands: left.filter((operations) => operations.length > 0) }
}

/** What gives some of the lists and maps another order at first. */
function orderings(random: Random): RandomOperation[][] {
  return [...BINS.list, ...BINS.map]
    .filter(() => random.chance(0.2))
    .map((bin) => [orderingOperation(random, bin, (BINS.list as readonly string[]).includes(bin))])
}

const READING: ReadonlySet<number> = new Set([
  OPERATION_TYPE.collectionRead,
  OPERATION_TYPE.bitRead,
  OPERATION_TYPE.hyperLogLogRead,
  OPERATION_TYPE.expressionRead,
])
const NAMES = new Map(Object.entries(OPERATION_TYPE).map(([name, type]) => [type as number, name]))

/** The requests: the record as it is at first, the commands, the record as it is at last, and its end. */
export function requestsOf({ bins, commands }: Case, digest: Uint8Array): Uint8Array[] {
  const at = { digest, set: 'differential' }
  const first = bins.map(([bin, particleType, value]) => ({
    type: OPERATION_TYPE.write,
    bin,
    particleType,
    value: particleOf(particleType, value),
  }))
  return [
    message({ ...at, info2: INFO2.write, operations: first }),
    ...commands.map((operations) =>
      message({ ...at, ...infoOf(operations), operations: operations.map(packed) }),
    ),
    message({ ...at, info1: INFO1.read | INFO1.getAll }),
    message({ ...at, info2: INFO2.write | INFO2.delete }),
  ]
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
  if (type === PARTICLE_TYPE.blob || type === PARTICLE_TYPE.hyperLogLog) return value as Uint8Array
  if (type === PARTICLE_TYPE.string) return Buffer.from(value as string)
  if (type !== PARTICLE_TYPE.integer) return pack(value)
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value as number))
  return bytes
}

/** Values that are not made smaller. */
const WHOLE: ReadonlySet<number> = new Set([
  PARTICLE_TYPE.integer,
  PARTICLE_TYPE.string,
  PARTICLE_TYPE.hyperLogLog,
])

/** The same, smaller by one step. */
export function* smallerCases(of: Case): Generator<Case> {
  for (const lesser of lesserCases(of)) yield survivable(lesser)
}

function* lesserCases({ bins, commands }: Case): Generator<Case> {
  for (const index of commands.keys())
    yield { bins, commands: commands.filter((_, other) => other !== index) }
  for (const index of bins.keys()) yield { bins: bins.filter((_, other) => other !== index), commands }
  for (const [index, operations] of commands.entries()) {
    for (const which of operations.keys()) {
      const fewer = operations.filter((_, other) => other !== which)
      if (fewer.length > 0) yield { bins, commands: commands.with(index, fewer) }
    }
  }
  for (const [index, [name, type, value]] of bins.entries()) {
    for (const less of smaller(value)) {
      const isRefused = WHOLE.has(type)
      if (!isRefused) yield { bins: bins.with(index, [name, type, less]), commands }
    }
  }
  for (const [index, operations] of commands.entries()) {
    for (const [which, operation] of operations.entries()) {
      for (const payload of smallerPayloads(operation.payload)) {
        const less = { ...operation, payload }
        if (!isDeadly(less)) yield { bins, commands: commands.with(index, operations.with(which, less)) }
      }
    }
  }
}

/** As it would be told. */
export function showCase({ bins, commands }: Case): string {
  const first = bins.map(([name, , value]) => `  ${name} = ${show(value)}`)
  const then = commands.map((operations, index) => {
    const told = operations.map(({ type, bin, payload }) => `${NAMES.get(type)} ${bin} ${show(payload)}`)
    return `  ${index + 1}: ${told.join('  +  ')}`
  })
  return [...first, ...then].join('\n')
}
