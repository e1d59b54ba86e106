import { HLL_OPCODE, HLL_WRITE_FLAG, PARTICLE_TYPE } from '@aero/codec'
import { RESULT } from '../result-code.ts'
import { CallReader } from './call-reader.ts'
import { elementFromWire } from './collection.ts'
import { HllSketch, intersectCount, similarity, unionOf } from './hll-sketch.ts'
import { HLL_BITS, isHyperLogLog } from './hyper-log-log.ts'
import {
  doubleParticle,
  integerParticle,
  NO_OUTCOME,
  type Outcome,
  type Particle,
  yielding,
} from './outcome.ts'
import { PACKED_KIND } from './packed-cursor.ts'

/*
 * Operations on HyperLogLogs. Source: as/src/base/particle_hll.c of the server.
 */

type Kind = 'indexBits' | 'minHashBits' | 'flags' | 'elements' | 'sketches' | 'similar'

interface Definition {
  readonly takes: readonly Kind[]
  readonly least: number
  readonly flags: number
}

const { createOnly, updateOnly, noFail, allowFold } = HLL_WRITE_FLAG
const UNSAID = -1n

const MODIFYING: ReadonlyMap<number, Definition> = new Map<number, Definition>([
  [
    HLL_OPCODE.init,
    { takes: ['indexBits', 'minHashBits', 'flags'], least: 0, flags: createOnly | updateOnly | noFail },
  ],
  [
    HLL_OPCODE.add,
    { takes: ['elements', 'indexBits', 'minHashBits', 'flags'], least: 1, flags: createOnly | noFail },
  ],
  [
    HLL_OPCODE.setUnion,
    { takes: ['sketches', 'flags'], least: 1, flags: createOnly | updateOnly | noFail | allowFold },
  ],
  [HLL_OPCODE.refreshCount, { takes: [], least: 0, flags: 0 }],
  [HLL_OPCODE.fold, { takes: ['indexBits'], least: 1, flags: 0 }],
])

const NO_ARGUMENTS: Definition = { takes: [], least: 0, flags: 0 }

const READING: ReadonlyMap<number, Definition> = new Map<number, Definition>([
  [HLL_OPCODE.getCount, NO_ARGUMENTS],
  [HLL_OPCODE.getUnion, { takes: ['sketches'], least: 1, flags: 0 }],
  [HLL_OPCODE.getUnionCount, { takes: ['sketches'], least: 1, flags: 0 }],
  [HLL_OPCODE.getIntersectCount, { takes: ['similar'], least: 1, flags: 0 }],
  [HLL_OPCODE.getSimilarity, { takes: ['similar'], least: 1, flags: 0 }],
  [HLL_OPCODE.describe, NO_ARGUMENTS],
  [HLL_OPCODE.mayContain, { takes: ['elements'], least: 1, flags: 0 }],
])

class HllCall {
  opcode = 0
  indexBits: number | undefined
  minHashBits: number | undefined
  flags = 0
  elements: Uint8Array[] = []
  sketches: HllSketch[] = []

  has(flag: number): boolean {
    return (this.flags & flag) !== 0
  }
}

/** Carries out a modifying operation on a HyperLogLog, or on a bin that is not there. A number is a result code. */
export function modifyHll(bin: Particle | undefined, payload: Uint8Array): Outcome | number {
  const call = begin(bin, payload, MODIFYING)
  if (typeof call === 'number') return call
  if (bin !== undefined && call.has(createOnly)) return call.has(noFail) ? NO_OUTCOME : RESULT.binExists
  if (bin === undefined && call.has(updateOnly)) return call.has(noFail) ? NO_OUTCOME : RESULT.binNotFound
  const old = bin === undefined ? undefined : new HllSketch(bin.particle.slice())
  switch (call.opcode) {
    case HLL_OPCODE.init:
      return init(call, old)
    case HLL_OPCODE.add:
      return add(call, old)
    case HLL_OPCODE.setUnion:
      return setUnion(call, old)
    case HLL_OPCODE.refreshCount:
      if (old === undefined) return RESULT.binNotFound
      old.keptCount = old.count()
      return changed(old, integerParticle(old.keptCount))
    default:
      return fold(call, old)
  }
}

/** Carries out a reading operation. A number is a result code. */
export function readHll(bin: Particle, payload: Uint8Array): Outcome | number {
  const call = begin(bin, payload, READING)
  if (typeof call === 'number') return call
  const sketch = new HllSketch(bin.particle)
  const all = [...call.sketches, sketch]
  switch (call.opcode) {
    case HLL_OPCODE.getCount:
      return yielding(integerParticle(sketch.count()))
    case HLL_OPCODE.getUnion:
      return yielding({ type: PARTICLE_TYPE.hyperLogLog, particle: unionOf(all).bytes })
    case HLL_OPCODE.getUnionCount:
      return yielding(integerParticle(unionOf(all).count()))
    case HLL_OPCODE.getIntersectCount:
      return isComparable(call, sketch)
        ? yielding(integerParticle(intersectCount(all)))
        : RESULT.notApplicable
    case HLL_OPCODE.getSimilarity:
      return isComparable(call, sketch) ? yielding(doubleParticle(similarity(all))) : RESULT.notApplicable
    case HLL_OPCODE.describe: {
      const particle = Uint8Array.of(0x92, sketch.indexBits, sketch.minHashBits)
      return yielding({ type: PARTICLE_TYPE.list, particle })
    }
    default:
      return yielding(integerParticle(call.elements.every((each) => sketch.mayContain(each)) ? 1 : 0))
  }
}

function begin(
  bin: Particle | undefined,
  payload: Uint8Array,
  table: ReadonlyMap<number, Definition>,
): HllCall | number {
  const reader = new CallReader(payload)
  const definition = table.get(reader.opcode)
  if (definition === undefined || reader.count < 0) return RESULT.parameter
  if (bin !== undefined && bin.type !== PARTICLE_TYPE.hyperLogLog) return RESULT.incompatibleType
  if (reader.count < definition.least || reader.count > definition.takes.length) return RESULT.parameter
  const call = new HllCall()
  call.opcode = reader.opcode
  for (const kind of definition.takes.slice(0, reader.count)) {
    if (!parseArgument(reader, call, kind, definition.flags)) return RESULT.parameter
  }
  return call
}

function parseArgument(reader: CallReader, call: HllCall, kind: Kind, known: number): boolean {
  switch (kind) {
    case 'indexBits':
      return parseIndexBits(reader, call)
    case 'minHashBits':
      return parseMinHashBits(reader, call)
    case 'flags': {
      const flags = reader.unsigned()
      if (flags === undefined || (flags & ~BigInt(known)) !== 0n) return false
      call.flags = Number(flags)
      return !(call.has(createOnly) && call.has(updateOnly))
    }
    case 'elements':
      return parseElements(reader, call)
    default:
      return parseSketches(reader, call) && (kind === 'sketches' || areSimilar(call))
  }
}

function parseIndexBits(reader: CallReader, call: HllCall): boolean {
  const bits = reader.integer()
  if (bits === UNSAID) return true
  call.indexBits = Number(bits ?? -1)
  return call.indexBits >= HLL_BITS.leastIndex && call.indexBits <= HLL_BITS.mostIndex
}

function parseMinHashBits(reader: CallReader, call: HllCall): boolean {
  const bits = reader.integer()
  if (bits === UNSAID) return true
  call.minHashBits = Number(bits ?? -1)
  if (call.minHashBits === 0) return true
  const isInRange = call.minHashBits >= HLL_BITS.leastMinHash && call.minHashBits <= HLL_BITS.mostMinHash
  return isInRange && (call.indexBits ?? 0) + call.minHashBits <= HLL_BITS.mostTogether
}

function parseElements(reader: CallReader, call: HllCall): boolean {
  const count = reader.list() ?? 0
  const { cursor } = reader
  for (let left = count; left > 0; left--) {
    const start = cursor.position
    if (!cursor.next() || cursor.kind === PACKED_KIND.list || cursor.kind === PACKED_KIND.map) return false
    const element = elementFromWire(cursor.bytes.subarray(start, cursor.position))
    if (element === undefined) return false
    call.elements.push(element)
  }
  return count > 0
}

/** A list of sketches, or one alone. */
function parseSketches(reader: CallReader, call: HllCall): boolean {
  const { cursor } = reader
  const start = cursor.position
  let count = reader.list()
  if (count === undefined) {
    cursor.position = start
    count = 1
  }
  for (let left = count; left > 0; left--) {
    const bytes = reader.bytes()
    if (bytes === undefined || !isHyperLogLog(bytes)) return false
    call.sketches.push(new HllSketch(bytes))
  }
  return count > 0
}

/** More than two can only be compared when all have the same minhash bits, and some. */
function areSimilar({ sketches }: HllCall): boolean {
  const [first] = sketches as [HllSketch]
  if (sketches.length <= 2) return true
  return first.minHashBits !== 0 && sketches.every((each) => each.minHashBits === first.minHashBits)
}

function isComparable({ sketches }: HllCall, sketch: HllSketch): boolean {
  const [first] = sketches as [HllSketch]
  return sketches.length <= 2 || (sketch.minHashBits !== 0 && sketch.minHashBits === first.minHashBits)
}

function changed(sketch: HllSketch, yields: Particle | undefined): Outcome {
  return { bin: { type: PARTICLE_TYPE.hyperLogLog, particle: sketch.bytes }, yields }
}

function init(call: HllCall, old: HllSketch | undefined): Outcome | number {
  const indexBits = call.indexBits ?? old?.indexBits
  const minHashBits = call.minHashBits ?? old?.minHashBits ?? 0
  if (indexBits === undefined || indexBits + minHashBits > HLL_BITS.mostTogether) return RESULT.notApplicable
  return changed(HllSketch.empty(indexBits, minHashBits), undefined)
}

function add(call: HllCall, old: HllSketch | undefined): Outcome | number {
  if (old === undefined && call.indexBits === undefined) return RESULT.notApplicable
  const sketch = old ?? HllSketch.empty(call.indexBits as number, call.minHashBits ?? 0)
  const added = call.elements.filter((each) => sketch.add(each)).length
  return changed(sketch, integerParticle(added))
}

function setUnion(call: HllCall, old: HllSketch | undefined): Outcome | number {
  const { sketches } = call
  const leastIndexBits = Math.min(...sketches.map((each) => each.indexBits))
  const minHashBits = commonMinHashBits(sketches)
  if (old !== undefined && !call.has(allowFold)) {
    if (old.indexBits > leastIndexBits) return RESULT.notApplicable
    if (old.minHashBits !== 0 && old.minHashBits !== minHashBits) return RESULT.notApplicable
  }
  return changed(unionOf(old === undefined ? sketches : [...sketches, old]), undefined)
}

function commonMinHashBits(sketches: readonly HllSketch[]): number {
  const [first] = sketches as [HllSketch]
  return sketches.every((each) => each.minHashBits === first.minHashBits) ? first.minHashBits : 0
}

function fold({ indexBits }: HllCall, old: HllSketch | undefined): Outcome | number {
  if (old === undefined) return RESULT.binNotFound
  if (old.minHashBits > 0 || indexBits === undefined || old.indexBits < indexBits) return RESULT.notApplicable
  if (old.indexBits === indexBits) return changed(old, undefined)
  const folded = HllSketch.empty(indexBits, 0)
  folded.unite(old)
  return changed(folded, undefined)
}
