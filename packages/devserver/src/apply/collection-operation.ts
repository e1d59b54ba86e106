import { CONTEXT_CREATE, CONTEXT_TYPE, LIST_OPCODE, MAP_OPCODE, PARTICLE_TYPE } from '@aero/codec'
import { RESULT } from '../result-code.ts'
import {
  byValueOf,
  type Container,
  closeContainer,
  compareElements,
  containerKind,
  containerParticle,
  isKeyElement,
  MARKER,
  openBin,
  openContainer,
  type PackedList,
  type PackedMap,
  particleOfElement,
  rankedPlaces,
  storable,
} from './container.ts'
import { placesOfRanks } from './heap-select.ts'
import { modifyList, readList } from './list.ts'
import { modifyMap, readMap } from './map.ts'
import { NO_OUTCOME, type Outcome, type Particle, yielding } from './outcome.ts'
import { PACKED_KIND, PackedCursor } from './packed-cursor.ts'
import { orResultCode, Refused } from './refused.ts'

/*
 * Operations on lists and maps: the payload is taken apart, the context followed, and what it leads to handed to the
 * operation. Source: as/src/base/cdt.c of the server.
 *
 * payload  :=  [opcode, argument…] | [0xff, [type, value, …], [opcode, argument…]]
 */
const CONTEXT_CREATE_MASK = Object.values(CONTEXT_CREATE).reduce((mask, bits) => mask | bits, 0)
const IN_CONTEXT = 0xff

/** An operation's number and its arguments, packed. */
export interface PackedCall {
  readonly opcode: number
  readonly args: readonly Uint8Array[]
}

/** What a modifying operation makes of a container; `undefined`: nothing, not even a container that is to be created. */
export interface Change {
  readonly container: Container | undefined
  readonly yields: Particle | undefined
  /** Its flags let it pass without doing anything. */
  readonly isPassedOver?: boolean
}

interface Step {
  readonly type: number
  readonly create: number
  readonly value: Uint8Array
}

/** Carries out a reading operation on a list or map. A number is a result code. */
export function readCollection(bin: Particle, payload: Uint8Array): Outcome | number {
  return orResultCode(() => {
    const { call, steps } = parse(payload)
    const container = steps === undefined ? openWhole(bin) : openTarget(follow(bin, steps), call)
    if (isListCall(call)) {
      if (container.kind !== 'list') throw new Refused(RESULT.incompatibleType)
      return yielding(readList(container, call))
    }
    if (container.kind !== 'map') throw new Refused(RESULT.incompatibleType)
    return yielding(readMap(container, call))
  })
}

function openWhole(bin: Particle): Container {
  if (!isCollection(bin)) throw new Refused(RESULT.incompatibleType)
  return openBin(bin)
}

function openTarget(target: Uint8Array, call: PackedCall): Container {
  if (containerKind(target) !== expectedKind(call)) throw new Refused(RESULT.incompatibleType)
  return openContainer(target) as Container
}

/** The value that a packed context leads to inside a bin; `undefined` when there is none, or the context is none. */
export function readAtContext(bin: Particle, context: Uint8Array): Particle | undefined {
  const found = orResultCode(() => particleOfElement(follow(bin, readSteps(new PackedCursor(context)))))
  return typeof found === 'number' ? undefined : found
}

/** Whether these bytes are a packed context. */
export function isContext(context: Uint8Array): boolean {
  const cursor = new PackedCursor(context)
  return typeof orResultCode(() => readSteps(cursor)) !== 'number' && cursor.position === context.length
}

/** Carries out a modifying operation on a list or map, or on a bin that is not there. A number is a result code. */
export function modifyCollection(bin: Particle | undefined, payload: Uint8Array): Outcome | number {
  return orResultCode(() => {
    const { call, steps } = parse(payload)
    if (steps !== undefined) return modifyInContext(bin, steps, call)
    return outcomeOf(apply(bin === undefined ? undefined : openWhole(bin), call))
  })
}

function outcomeOf({ container, yields }: Change): Outcome {
  if (container === undefined) return yields === undefined ? NO_OUTCOME : yielding(yields)
  return { bin: containerParticle(container), yields }
}

function apply(container: Container | undefined, call: PackedCall): Change {
  if (isListCall(call)) {
    if (container !== undefined && container.kind !== 'list') throw new Refused(RESULT.incompatibleType)
    return modifyList(container, call)
  }
  if (container !== undefined && container.kind !== 'map') throw new Refused(RESULT.incompatibleType)
  return modifyMap(container, call)
}

function isCollection({ type }: Particle): boolean {
  return type === PARTICLE_TYPE.list || type === PARTICLE_TYPE.map
}

function isListCall({ opcode }: PackedCall): boolean {
  return opcode < MAP_OPCODE.setOrder
}

function expectedKind(call: PackedCall): 'list' | 'map' {
  return isListCall(call) ? 'list' : 'map'
}

function parse(payload: Uint8Array): {
  readonly call: PackedCall
  readonly steps: readonly Step[] | undefined
} {
  const cursor = new PackedCursor(payload)
  const opcode = readHead(cursor)
  if (opcode.code !== IN_CONTEXT) return { call: readCall(cursor, opcode), steps: undefined }
  if (opcode.count !== 2) throw new Refused(RESULT.parameter)
  const steps = readSteps(cursor)
  return { call: readCall(cursor, readHead(cursor)), steps }
}

function nextIs(cursor: PackedCursor, kind: number): boolean {
  return cursor.next() && cursor.kind === kind
}

function readHead(cursor: PackedCursor): { readonly code: number; readonly count: number } {
  if (cursor.position === 0 && cursor.bytes[0] === 0) return readOldHead(cursor)
  if (!nextIs(cursor, PACKED_KIND.list) || cursor.count === 0) throw new Refused(RESULT.parameter)
  const count = cursor.count - 1
  if (!nextIs(cursor, PACKED_KIND.integer)) throw new Refused(RESULT.parameter)
  return { code: Number(BigInt.asUintN(32, cursor.integer)), count }
}

/** The form of very old clients: the opcode as 16 bits, then a list of the arguments, if there are any. */
function readOldHead(cursor: PackedCursor): { readonly code: number; readonly count: number } {
  if (cursor.end < 2) throw new Refused(RESULT.parameter)
  const code = cursor.view.getUint16(0)
  cursor.position = 2
  if (cursor.end === 2) return { code, count: 0 }
  if (!nextIs(cursor, PACKED_KIND.list)) throw new Refused(RESULT.parameter)
  return { code, count: cursor.count }
}

/** Arguments that are cut off are left out: whether they are needed is for the operation to say. */
function readCall(
  cursor: PackedCursor,
  { code, count }: { readonly code: number; readonly count: number },
): PackedCall {
  const args: Uint8Array[] = []
  for (let left = count; left > 0; left--) {
    const start = cursor.position
    if (!cursor.skip()) {
      args.push(new Uint8Array(0))
      break
    }
    args.push(cursor.bytes.subarray(start, cursor.position))
  }
  return { opcode: code, args }
}

function readSteps(cursor: PackedCursor): Step[] {
  if (!nextIs(cursor, PACKED_KIND.list)) throw new Refused(RESULT.parameter)
  const { count } = cursor
  if (count === 0 || count % 2 === 1) throw new Refused(RESULT.parameter)
  const steps: Step[] = []
  for (let left = count; left > 0; left -= 2) {
    if (!nextIs(cursor, PACKED_KIND.integer)) throw new Refused(RESULT.parameter)
    const type = Number(BigInt.asUintN(32, cursor.integer))
    const start = cursor.position
    if (!cursor.skip()) throw new Refused(RESULT.notApplicable)
    steps.push({
      type: type & ~CONTEXT_CREATE_MASK,
      create: type & CONTEXT_CREATE_MASK,
      value: cursor.bytes.subarray(start, cursor.position),
    })
  }
  return steps
}

/** The element that the steps lead to, in a read. */
function follow(bin: Particle, steps: readonly Step[]): Uint8Array {
  if (!isCollection(bin)) throw new Refused(RESULT.parameter)
  let element = bin.particle
  for (const step of steps) {
    const container = openContainer(element)
    if (container === undefined) throw new Refused(RESULT.notApplicable)
    const place = placeOf(container, step)
    const found = place < 0 ? undefined : elementsOf(container)[place]
    if (found === undefined) throw new Refused(RESULT.notApplicable)
    element = found
  }
  return element
}

function elementsOf(container: Container): readonly Uint8Array[] {
  return container.kind === 'list' ? container.items : container.values
}

const STEP_BASE_MASK = 0x0f
/** Set in steps into a list, and in steps into a map; those with neither go into both. */
const STEP_KIND = { list: 0x10, map: 0x20 } as const
const STEP_BASE = {
  index: CONTEXT_TYPE.listIndex & STEP_BASE_MASK,
  rank: CONTEXT_TYPE.listRank & STEP_BASE_MASK,
  key: CONTEXT_TYPE.mapKey & STEP_BASE_MASK,
  value: CONTEXT_TYPE.listValue & STEP_BASE_MASK,
} as const

/** Where the step leads; -1 when there is no such element. */
function placeOf(container: Container, step: Step): number {
  const other = container.kind === 'list' ? STEP_KIND.map : STEP_KIND.list
  if ((step.type & other) !== 0) throw new Refused(RESULT.notApplicable)
  const elements = elementsOf(container)
  switch (step.type & STEP_BASE_MASK) {
    case STEP_BASE.index:
      return boundPlace(integerOf(step.value), elements.length)
    case STEP_BASE.rank: {
      const rank = boundPlace(integerOf(step.value), elements.length)
      return rank < 0 ? -1 : placeOfRankIn(container, rank)
    }
    case STEP_BASE.key:
      if (container.kind === 'list') throw new Refused(RESULT.notApplicable)
      return container.keys.findIndex((key) => compareElements(key, step.value) === 0)
    case STEP_BASE.value: {
      if (container.kind === 'list')
        return elements.findIndex((each) => compareElements(each, step.value) === 0)
      const equal = rankedPlaces(elements).find(
        (place) => compareElements(elements[place] as Uint8Array, step.value) === 0,
      )
      return equal ?? -1
    }
    default:
      throw new Refused(RESULT.notApplicable)
  }
}

function placeOfRankIn(container: Container, rank: number): number {
  const elements = elementsOf(container)
  if (container.kind === 'map') return rankedPlaces(elements)[rank] as number
  if ((container.flags & MARKER.ordered) !== 0) return rank
  const [place] = placesOfRanks(elements.length, rank, 1, byValueOf(elements)) as [number]
  return place
}

function integerOf(element: Uint8Array): number {
  const cursor = new PackedCursor(element)
  if (!nextIs(cursor, PACKED_KIND.integer)) throw new Refused(RESULT.notApplicable)
  return Number(cursor.integer)
}

function boundPlace(index: number, total: number): number {
  const place = index < 0 ? index + total : index
  return place >= 0 && place < total ? place : -1
}

function modifyInContext(bin: Particle | undefined, steps: readonly Step[], call: PackedCall): Outcome {
  if (bin !== undefined && !isCollection(bin)) throw new Refused(RESULT.parameter)
  let yields: Particle | undefined
  const leaf = (element: Uint8Array | undefined): Uint8Array | undefined => {
    if (element !== undefined && containerKind(element) !== expectedKind(call))
      throw new Refused(RESULT.incompatibleType)
    // What a path makes in a bin has nothing in it to be sorted.
    if (element === undefined && bin !== undefined && call.opcode === LIST_OPCODE.sort) return undefined
    const change = apply(element === undefined ? undefined : (openContainer(element) as Container), call)
    yields = change.yields
    // A path is not made for nothing.
    if (element === undefined && change.isPassedOver === true) return undefined
    if (change.container === undefined) return undefined
    // The mark of an index stays where it does not belong, in a list inside a bin, when the whole bin is made by the path.
    return bin === undefined && staysMarked(change.container, call)
      ? closeContainer(change.container, 0)
      : closeContainer(change.container)
  }
  const particle = bin === undefined ? createAlong(steps, leaf) : modifyAlong(bin.particle, steps, leaf)
  if (particle === undefined) return yields === undefined ? NO_OUTCOME : yielding(yields)
  const type = containerKind(particle) === 'list' ? PARTICLE_TYPE.list : PARTICLE_TYPE.map
  const isKept = bin === undefined ? makesIndex(steps) : bin.keepsIndex === true
  return { bin: isKept ? { type, particle, keepsIndex: true } : { type, particle }, yields }
}

/** Of maps only those do that are given an order, or nothing else. */
function staysMarked(container: Container, { opcode }: PackedCall): boolean {
  if (container.kind === 'list') return true
  return opcode === MAP_OPCODE.setOrder || container.keys.length === 0
}

/** Whether the first of the steps, which makes the bin, lets it keep an index. */
function makesIndex([first]: readonly Step[]): boolean {
  return ((first as Step).create & CONTEXT_CREATE.persistIndex) !== 0
}

type Leaf = (element: Uint8Array | undefined) => Uint8Array | undefined

/** The container with what the steps lead to changed; `undefined`: nothing changes. */
function modifyAlong(element: Uint8Array, steps: readonly Step[], leaf: Leaf): Uint8Array | undefined {
  const [step, ...further] = steps
  if (step === undefined) return leaf(element)
  const container = openContainer(element)
  if (container === undefined) throw new Refused(RESULT.notApplicable)
  const place = placeOf(container, step)
  if (place < 0) return createIn(container, step, further, leaf)
  const changed = modifyAlong(elementsOf(container)[place] as Uint8Array, further, leaf)
  if (changed === undefined) return undefined
  return closeContainer(
    container.kind === 'list' ? withItem(container, place, changed) : withValue(container, place, changed),
  )
}

/** An ordered list moves the changed element to where it belongs now. */
function withItem(list: PackedList, place: number, item: Uint8Array): PackedList {
  const items = list.items.slice()
  if ((list.flags & MARKER.ordered) === 0) {
    items[place] = item
    return { ...list, items }
  }
  items.splice(place, 1)
  return { ...list, items: insertedInOrder(items, item) }
}

function insertedInOrder(items: readonly Uint8Array[], item: Uint8Array): Uint8Array[] {
  const before = items.filter((each) => compareElements(each, item) < 0).length
  return [...items.slice(0, before), item, ...items.slice(before)]
}

function withValue(map: PackedMap, place: number, value: Uint8Array): PackedMap {
  const values = map.values.slice()
  values[place] = value
  return { ...map, values }
}

const createsOf = (create: number): number => create & ~CONTEXT_CREATE.persistIndex

/** Adds what the step does not find, when it is told to create it. */
function createIn(
  container: Container,
  step: Step,
  further: readonly Step[],
  leaf: Leaf,
): Uint8Array | undefined {
  if (createsOf(step.create) === 0) throw new Refused(RESULT.notApplicable)
  if (step.type === CONTEXT_TYPE.mapKey && container.kind === 'map') {
    const key = storable(step.value)
    if (key === undefined || !isKeyElement(key)) throw new Refused(RESULT.notApplicable)
    const value = createNext(further, leaf, false)
    if (value === undefined) return undefined
    const at = container.keys.filter((each) => compareElements(each, key) < 0).length
    const keys = [...container.keys.slice(0, at), key, ...container.keys.slice(at)]
    const values = [...container.values.slice(0, at), value, ...container.values.slice(at)]
    return closeContainer({ ...container, keys, values })
  }
  if (container.kind !== 'list' || !isByIndex(container, step)) throw new Refused(RESULT.notApplicable)
  const padding = paddingFor(container, step, step.create)
  const item = createNext(further, leaf, false)
  if (item === undefined) return undefined
  if ((container.flags & MARKER.ordered) !== 0)
    return closeContainer({ ...container, items: insertedInOrder(container.items, item) })
  return closeContainer({ ...container, items: [...container.items, ...padding, item] })
}

/** In an ordered list the rank is the index. */
function isByIndex({ flags }: PackedList, { type }: Step): boolean {
  return type === CONTEXT_TYPE.listIndex || (type === CONTEXT_TYPE.listRank && (flags & MARKER.ordered) !== 0)
}

const NIL = Uint8Array.of(0xc0)

/** What fills the list up to the index of the step. */
function paddingFor(list: PackedList, step: Step, create: number): Uint8Array[] {
  const index = integerOf(step.value)
  const total = list.items.length
  if (index === total || (total === 0 && index === -1) || (list.flags & MARKER.ordered) !== 0) return []
  if (create !== CONTEXT_CREATE.unboundedList || index < 0) throw new Refused(RESULT.notApplicable)
  return Array.from({ length: index - total }, () => NIL)
}

/** Everything along the steps is new; what creates them is asked of the first only when the bin is not there. */
function createAlong(steps: readonly Step[], leaf: Leaf): Uint8Array | undefined {
  const [first] = steps as [Step]
  if (createsOf(first.create) === 0) throw new Refused(RESULT.notApplicable)
  return createNext(steps, leaf, true)
}

/** @param keepsIndex whether what is made may keep an index: nothing inside of it may */
function createNext(steps: readonly Step[], leaf: Leaf, keepsIndex: boolean): Uint8Array | undefined {
  const [step, ...further] = steps
  if (step === undefined) return leaf(undefined)
  if (!keepsIndex && step.create !== createsOf(step.create)) throw new Refused(RESULT.notApplicable)
  const create = createsOf(step.create)
  if (step.type === CONTEXT_TYPE.mapKey) {
    const flags =
      create === CONTEXT_CREATE.keyOrderedMap
        ? MARKER.ordered
        : create === CONTEXT_CREATE.keyValueOrderedMap
          ? MARKER.byValue
          : 0
    const key = storable(step.value)
    if (key === undefined) throw new Refused(RESULT.notApplicable)
    const value = createNext(further, leaf, false)
    return value === undefined
      ? undefined
      : closeContainer({ kind: 'map', flags, keys: [key], values: [value] })
  }
  if (step.type !== CONTEXT_TYPE.listIndex) throw new Refused(RESULT.notApplicable)
  const flags = create === CONTEXT_CREATE.orderedList ? MARKER.ordered : 0
  const list: PackedList = { kind: 'list', flags, items: [] }
  if (integerOf(step.value) < -1) throw new Refused(RESULT.notApplicable)
  // Where a list keeps an index the server does not look at which one is asked for.
  const isUnchecked = step.create !== create && create !== CONTEXT_CREATE.unboundedList
  const padding = isUnchecked ? [] : paddingFor(list, step, create)
  const item = createNext(further, leaf, false)
  return item === undefined ? undefined : closeContainer({ ...list, items: [...padding, item] })
}
