import { OPERATOR, PARTICLE_TYPE } from '@aero/codec'
import { MARKER, openContainer } from '../apply/container.ts'
import type { Particle } from '../apply/outcome.ts'
import { comparePacked } from '../apply/packed-compare.ts'
import { PackedCursor } from '../apply/packed-cursor.ts'
import { type Builder, ofKnown } from './builder.ts'
import { type Computed, isPacked, isParticle, packedOf } from './computed.ts'
import type { Expression } from './evaluation.ts'
import { STATIC_TYPE } from './static-type.ts'

type Orderable = boolean | bigint | number
type Holds = (a: Orderable, b: Orderable) => boolean

const HOLDS: ReadonlyMap<number, Holds> = new Map<number, Holds>([
  [OPERATOR.eq.code, (a, b) => a === b],
  [OPERATOR.ne.code, (a, b) => a !== b],
  [OPERATOR.gt.code, (a, b) => a > b],
  [OPERATOR.ge.code, (a, b) => a >= b],
  [OPERATOR.lt.code, (a, b) => a < b],
  [OPERATOR.le.code, (a, b) => a <= b],
])

/** `[eq, a, b]` and its like, of two values of one type. Regions and HyperLogLogs are not compared. */
export function buildComparison(builder: Builder, code: number, count: number): Expression {
  builder.begin(count, 2)
  const first = builder.next()
  const second = builder.nextOf(first.type)
  if (first.type === STATIC_TYPE.geo || first.type === STATIC_TYPE.hll) builder.refuse()
  const holds = HOLDS.get(code) as Holds
  return ofKnown(STATIC_TYPE.bool, [first, second], ([a, b]) => {
    if (!isParticle(a) || !isParticle(b)) return comparePlain(holds, a, b)
    const order = isPacked(a) ? orderOfPacked(a, b) : Buffer.compare(a.particle, b.particle)
    return order === undefined ? undefined : holds(order, 0)
  })
}

function comparePlain(holds: Holds, a: Computed, b: Computed): Computed {
  if (a === null && b === null) return holds(0, 0)
  if (typeof a !== typeof b || typeof a === 'symbol' || isParticle(a) || isParticle(b)) return undefined
  return holds(a as Orderable, b as Orderable)
}

/** Lists and maps in the server's order; `undefined` when a map without order has been met on the way. */
function orderOfPacked(a: Particle, b: Particle): number | undefined {
  if (hidesNoOrder(a) || hidesNoOrder(b)) return undefined
  const [first, second] = [new PackedCursor(a.particle), new PackedCursor(b.particle)]
  const order = comparePacked(first, second)
  return first.metUnorderedMap || second.metUnorderedMap ? undefined : order
}

/** An empty map has no order to be missed, unless it is marked as keeping an index. */
function hidesNoOrder({ type, particle, keepsIndex }: Particle): boolean {
  if (keepsIndex !== true || type !== PARTICLE_TYPE.map) return false
  return ((openContainer(particle)?.flags ?? 0) & MARKER.ordered) === 0
}

/** `[inList, value, list]` */
export function buildInList(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 2)
  const value = builder.next()
  const list = builder.nextOf(STATIC_TYPE.list)
  return ofKnown(STATIC_TYPE.bool, [value, list], ([sought, within]) => {
    if (!isParticle(within) || within.type !== PARTICLE_TYPE.list) return undefined
    const element = packedOf(sought)
    const container = openContainer(within.particle)
    if (element === undefined || container?.kind !== 'list') return undefined
    return container.items.some(
      (item) => comparePacked(new PackedCursor(element), new PackedCursor(item)) === 0,
    )
  })
}
