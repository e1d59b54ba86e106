import { CALL_FORM, CALL_MODIFIES, CALL_SYSTEM, PARTICLE_TYPE } from '@aero/codec'
import { modifyBits, readBits } from '../apply/bit.ts'
import { elementFromWire } from '../apply/collection.ts'
import { modifyCollection, readCollection } from '../apply/collection-operation.ts'
import { modifyHll, readHll } from '../apply/hll.ts'
import type { Outcome, Particle } from '../apply/outcome.ts'
import { PACKED_KIND } from '../apply/packed-cursor.ts'
import { BUILT_BYTES, type Builder } from './builder.ts'
import { type Computed, computedOf, isParticle, NO_PARTICLE_TYPE, packedOf, particleOf } from './computed.ts'
import type { Evaluation, Expression } from './evaluation.ts'
import { type Build, isPath, modifyByPath, selectByPath } from './path.ts'
import { isInputType, particleTypeOf, STATIC_TYPE } from './static-type.ts'

/** A part of a call's payload: bytes as they stand, or what an expression gives. */
type Part = Uint8Array | Expression

interface System {
  readonly read: (bin: Particle, payload: Uint8Array, build: Build) => Outcome | number
  readonly modify: (bin: Particle | undefined, payload: Uint8Array, build: Build) => Outcome | number
  /** Types it is called on. */
  readonly on: readonly number[]
}

const SYSTEMS: ReadonlyMap<number, System> = new Map<number, System>([
  [
    CALL_SYSTEM.cdt,
    {
      read: (bin, payload, build) =>
        isPath(payload) ? selectByPath(bin, payload, build) : readCollection(bin, payload),
      modify: (bin, payload, build) =>
        isPath(payload) ? modifyByPath(bin, payload, build) : modifyCollection(bin, payload),
      on: [STATIC_TYPE.list, STATIC_TYPE.map],
    },
  ],
  [CALL_SYSTEM.bit, { read: readBits, modify: modifyBits, on: [STATIC_TYPE.blob] }],
  [CALL_SYSTEM.hll, { read: readHll, modify: modifyHll, on: [STATIC_TYPE.hll] }],
])

/**
 * `[call, type, system, [opcode, argument…], on]`: an operation on a list, map, blob or HyperLogLog. Arguments that are lists
 * are expressions, and so is what it is called on. A call that modifies gives the changed value; the bin stays.
 */
export function buildCall(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 4, BUILT_BYTES.call)
  const returns = builder.unsigned()
  if (!isInputType(returns)) builder.refuse()
  const number = builder.unsigned() >>> 0
  const parts = readParts(builder)
  const on = builder.next()
  const system = SYSTEMS.get(number & ~CALL_MODIFIES)
  // On nil it takes any system, but dies of one that there is not.
  if (system === undefined) builder.refuse()
  const isOnNil = on.type === STATIC_TYPE.nil
  if (!isOnNil && !system.on.includes(on.type)) builder.refuse()
  const { build } = builder
  const modifies = (number & CALL_MODIFIES) !== 0
  return {
    // Called on nil, whatever it gives counts as nil where types are checked.
    type: isOnNil ? STATIC_TYPE.nil : returns,
    evaluate: (evaluation) => {
      const payload = payloadOf(parts, evaluation)
      const target = payload === undefined ? undefined : on.evaluate(evaluation)
      const bin = on.isLiteral === true ? inKeyOrder(targetOf(target)) : targetOf(target)
      if (payload === undefined || bin === undefined) return undefined
      const outcome = modifies ? modify(system, bin, payload, build) : system.read(bin, payload, build)
      return typeof outcome === 'number' ? undefined : resultOf(outcome, modifies, bin, returns)
    },
  }
}

/** What is called on, as a bin; an empty one for nil, and `undefined` for what nothing can be called on. */
function targetOf(target: Computed): Particle | undefined {
  if (target === null) return { type: PARTICLE_TYPE.nil, particle: new Uint8Array(0) }
  if (!isParticle(target) || target.type === NO_PARTICLE_TYPE) return undefined
  return particleOf(target) ?? undefined
}

/** Whoever wrote a literal need not have put its keys in order; operations find them in order all the same. */
function inKeyOrder(bin: Particle | undefined): Particle | undefined {
  if (bin === undefined || (bin.type !== PARTICLE_TYPE.map && bin.type !== PARTICLE_TYPE.list)) return bin
  return { ...bin, particle: elementFromWire(bin.particle) ?? bin.particle }
}

function modify(system: System, bin: Particle, payload: Uint8Array, build: Build): Outcome | number {
  return system.modify(bin.type === PARTICLE_TYPE.nil ? undefined : bin, payload, build)
}

/** What it yields or, if it modifies, the changed value; unknown when that has another type than was said. */
function resultOf(outcome: Outcome, modifies: boolean, bin: Particle, returns: number): Computed {
  const nothing = { type: PARTICLE_TYPE.nil, particle: new Uint8Array(0) }
  const result = modifies ? (outcome.bin ?? bin) : (outcome.yields ?? nothing)
  return result.type === particleTypeOf(returns) ? computedOf(result) : undefined
}

function payloadOf(parts: readonly Part[], evaluation: Evaluation): Uint8Array | undefined {
  const pieces: Uint8Array[] = []
  for (const part of parts) {
    const piece = part instanceof Uint8Array ? part : packedOf(part.evaluate(evaluation))
    if (piece === undefined) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/** Kinds that may stand between expressions without being any. */
function readParts(builder: Builder): Part[] {
  const { cursor } = builder
  const start = cursor.position
  let count = listOf(builder)
  let opcode = builder.unsigned()
  if (opcode === CALL_FORM.context) {
    if (count !== 3) builder.refuse()
    builder.element()
    count = listOf(builder)
    opcode = builder.unsigned()
  } else if (opcode === CALL_FORM.select) {
    skipSelection(builder, count)
    count = 1
  }
  const parts: Part[] = [cursor.bytes.slice(start, cursor.position)]
  for (let left = count - 1; left > 0; left--) {
    const isExpression = builder.peek() === PACKED_KIND.list
    parts.push(isExpression ? builder.next() : builder.element())
  }
  return parts
}

/** A selection by path is taken whole: its filters are built when it is carried out. */
function skipSelection(builder: Builder, count: number): void {
  if (count < 3 || count > 4 || builder.peek() !== PACKED_KIND.list) builder.refuse()
  builder.element()
  builder.unsigned()
  if (count === 4) builder.element()
}

function listOf(builder: Builder): number {
  const { cursor } = builder
  if (!cursor.next() || cursor.kind !== PACKED_KIND.list || cursor.count === 0) builder.refuse()
  return cursor.count
}
