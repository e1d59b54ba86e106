import { HLL_OPCODE } from '@aero/codec'
import type { Random } from '@aero/testkit'
import { compareElements } from '../../src/apply/container.ts'
import { modifyHll } from '../../src/apply/hll.ts'
import { pack, type Tree } from './tree.ts'

const TEXTS = ['', 'a', 'b', 'ab', 'z', 'ä', 'a longer text of more than thirty-two bytes']
const DOUBLES = [0, -0, 1, 1.5, -2.5, 1e300, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
const FAR = [
  127,
  128,
  -33,
  255,
  256,
  65_535,
  65_536,
  -129,
  2n ** 31n,
  2n ** 32n,
  2n ** 63n - 1n,
  -(2n ** 63n),
]

/** Small numbers mostly, so that things meet. */
export function randomInteger(random: Random): number | bigint {
  return random.chance(0.9) ? random.int(-3, 6) : random.pick(FAR)
}

export function randomText(random: Random): string {
  return random.pick(TEXTS)
}

export function randomDouble(random: Random): number {
  return random.pick(DOUBLES)
}

const GEOMETRIES = [
  '{"type":"Point","coordinates":[0.5,0.5]}',
  '{"type":"Point","coordinates":[-122.0,37.5]}',
  '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}',
  '{"type":"AeroCircle","coordinates":[[-122.0,37.5],1000]}',
]

/** A point or region, as GeoJSON. */
export function randomGeometry(random: Random): string {
  return random.pick(GEOMETRIES)
}

export function randomScalar(random: Random): Tree {
  switch (random.int(0, 11)) {
    case 0:
      return null
    case 1:
      return random.chance()
    case 2:
    case 3:
      return randomText(random)
    case 4:
      return Uint8Array.from({ length: random.int(0, 3) }, () => random.int(0, 2))
    case 5:
      return { double: randomDouble(random) }
    default:
      return randomInteger(random)
  }
}

export function randomValue(random: Random, depth = 2): Tree {
  if (depth === 0 || random.chance(0.65)) return randomScalar(random)
  return random.chance() ? randomList(random, depth - 1) : randomMap(random, depth - 1)
}

export function randomList(random: Random, depth = 1): Tree[] {
  return Array.from({ length: random.int(0, random.chance(0.1) ? 20 : 5) }, () => randomValue(random, depth))
}

export function randomKey(random: Random): Tree {
  switch (random.int(0, 5)) {
    case 0:
      return Uint8Array.from({ length: random.int(0, 2) }, () => random.int(0, 2))
    case 1:
    case 2:
      return randomInteger(random)
    default:
      return random.pick(TEXTS)
  }
}

export function randomMap(random: Random, depth = 1): Tree {
  const pairs: [Tree, Tree][] = []
  const seen = new Set<string>()
  for (let left = random.int(0, random.chance(0.1) ? 20 : 5); left > 0; left--) {
    const key = randomKey(random)
    const name = key instanceof Uint8Array ? `x${key.join()}` : `${typeof key === 'string' ? 's' : ''}${key}`
    if (seen.has(name)) continue
    seen.add(name)
    pairs.push([key, randomValue(random, depth)])
  }
  return { pairs }
}

/**
 * The same list or map, said to have an order, which it has as a rule. Never to keep an index: the real server (8.1.2) takes
 * a whole list or map that is marked so, and dies of what is done to it later.
 */
export function inOrder(random: Random, tree: Tree): Tree {
  const compare = (first: Tree, second: Tree): number => compareElements(pack(first), pack(second))
  const isSorted = random.chance(0.97)
  if (Array.isArray(tree))
    // Maps inside are stored in the order of their keys, and come to stand elsewhere by that.
    return tree.some(holdsMap)
      ? tree
      : [{ marker: random.int(0, 1) }, ...(isSorted ? tree.toSorted(compare) : tree)]
  const { pairs } = tree as { readonly pairs: readonly (readonly [Tree, Tree])[] }
  const sorted = isSorted ? pairs.toSorted(([first], [second]) => compare(first, second)) : pairs
  return { pairs: [[{ marker: random.int(0, 3) }, null], ...sorted] }
}

function holdsMap(tree: Tree): boolean {
  if (Array.isArray(tree)) return tree.some(holdsMap)
  return typeof tree === 'object' && tree !== null && 'pairs' in tree
}

/**
 * The same with all maps in it in the order of their keys. The real server takes a map in an expression as it stands, and
 * puts entries anywhere when it is not in order.
 */
export function inKeyOrder(tree: Tree): Tree {
  if (Array.isArray(tree)) return tree.map(inKeyOrder)
  if (typeof tree !== 'object' || tree === null || !('pairs' in tree)) return tree
  const pairs = tree.pairs.map(([key, value]) => [key, inKeyOrder(value)] as const)
  return { pairs: pairs.sort(([first], [second]) => compareElements(pack(first), pack(second))) }
}

/** A value, or what stands for the least or the greatest of all. */
export function randomBound(random: Random): Tree {
  if (random.chance(0.08)) return { bound: random.pick(['infinity', 'wildcard'] as const) }
  return random.chance(0.1) ? null : randomValue(random, 1)
}

/** The bytes of a HyperLogLog of some values; few index bits, so that its registers are not all empty. */
export function randomSketch(random: Random): Uint8Array {
  const values = [random.int(0, 1000), ...randomList(random, 0)]
  const call = [HLL_OPCODE.add, values, random.int(4, 7), random.pick([0, 0, 4, 5])]
  const made = modifyHll(undefined, pack(call))
  if (typeof made === 'number' || made.bin === undefined) throw new Error(`no HyperLogLog of ${call}`)
  return made.bin.particle
}
