import { CALL_FORM, CONTEXT_AND, CONTEXT_TYPE, PARTICLE_TYPE, SELECT_APPLIES, SELECT_FLAG } from '@aero/codec'
import {
  type Container,
  closeContainer,
  compareElements,
  containerKind,
  containerParticle,
  listParticle,
  MARKER,
  openContainer,
  type PackedMap,
  packedInteger,
} from '../apply/container.ts'
import { NO_OUTCOME, type Outcome, type Particle, yielding } from '../apply/outcome.ts'
import { PACKED_KIND, PackedCursor } from '../apply/packed-cursor.ts'
import { placeOfRank } from '../apply/quick-select.ts'
import { orResultCode, Refused } from '../apply/refused.ts'
import { RESULT } from '../result-code.ts'
import { packedOf, REMOVED } from './computed.ts'
import { Evaluation, type Expression, type LoopElement } from './evaluation.ts'

/*
 * Selection and modification by path. Source: as/src/base/cdt.c of the server, from select_apply_add_entry to
 * cdt_process_state_select.
 *
 * payload  :=  [0xfe, path, flags]   |   [0xfe, path, flags, expression]
 * path     :=  [type, value, …]      a filter's value is an expression, or true
 */
const MAX_STEPS = 64
const BASE_MASK = 0x0f
const KIND_MASK = 0xf0
const LIST_KIND = CONTEXT_TYPE.listIndex & KIND_MASK
const MAP_KIND = CONTEXT_TYPE.mapIndex & KIND_MASK
const BASE = {
  index: CONTEXT_TYPE.listIndex & BASE_MASK,
  rank: CONTEXT_TYPE.listRank & BASE_MASK,
  key: CONTEXT_TYPE.mapKey & BASE_MASK,
  value: CONTEXT_TYPE.listValue & BASE_MASK,
  filter: CONTEXT_TYPE.filter & BASE_MASK,
  keys: CONTEXT_TYPE.mapKeys & BASE_MASK,
} as const
const TYPE_MASK = 0x0f
const TYPES: readonly number[] = [
  SELECT_FLAG.tree,
  SELECT_FLAG.value,
  SELECT_FLAG.key,
  SELECT_FLAG.keyValue,
  SELECT_APPLIES,
]

/** Builds the expressions of a path; `undefined`: it is none. */
export type Build = (bytes: Uint8Array) => Expression | undefined

interface PathStep {
  readonly kind: number
  readonly base: number
  readonly index: number
  readonly value: Uint8Array
  /** `undefined`: all elements. */
  readonly filter: Expression | undefined
  and: Expression | undefined
  hasAnd: boolean
}

/** Whether the payload of an operation on a list or map is a path. */
export function isPath(payload: Uint8Array): boolean {
  const cursor = new PackedCursor(payload)
  const isCall = cursor.next() && cursor.kind === PACKED_KIND.list && cursor.count > 0 && cursor.next()
  return isCall && cursor.kind === PACKED_KIND.integer && cursor.integer === BigInt(CALL_FORM.select)
}

/** Carries out a selection by path. A number is a result code. */
export function selectByPath(bin: Particle, payload: Uint8Array, build: Build): Outcome | number {
  return orResultCode(() => {
    const run = readPath(bin, payload, build)
    // Only an operation that may change the bin has a place for what a modification makes.
    if (run.type === SELECT_APPLIES) throw new Refused(RESULT.parameter)
    return yielding(run.select(bin.particle))
  })
}

/** Carries out a modification by path, or a selection that stands where a modification could. A number is a result code. */
export function modifyByPath(bin: Particle | undefined, payload: Uint8Array, build: Build): Outcome | number {
  return orResultCode(() => {
    const run = readPath(bin, payload, build)
    const { particle, type, keepsIndex } = bin as Particle
    if (run.type !== SELECT_APPLIES) return yielding(run.select(particle))
    const changed = run.modify(particle)
    const kept = keepsIndex === true ? { keepsIndex } : {}
    return { ...NO_OUTCOME, bin: { type, particle: changed, ...kept } }
  })
}

function readPath(bin: Particle | undefined, payload: Uint8Array, build: Build): PathRun {
  if (bin?.type !== PARTICLE_TYPE.list && bin?.type !== PARTICLE_TYPE.map)
    throw new Refused(RESULT.incompatibleType)
  const cursor = new PackedCursor(payload)
  cursor.next()
  const count = cursor.count - 1
  cursor.next()
  const steps = readSteps(cursor, build)
  const flags = Number(BigInt.asIntN(64, integerOf(cursor)))
  const type = flags & TYPE_MASK
  if (!TYPES.includes(type)) throw refused()
  const applies = type === SELECT_APPLIES
  if (count !== (applies ? 3 : 2)) throw refused()
  const noFail = (flags & SELECT_FLAG.noFail) !== 0
  const expression = applies ? build(elementOf(cursor)) : undefined
  if (applies && expression === undefined) throw refused()
  return new PathRun(steps, type, noFail, bin.keepsIndex === true, expression)
}

function refused(): Refused {
  return new Refused(RESULT.parameter)
}

function integerOf(cursor: PackedCursor): bigint {
  if (!cursor.next() || cursor.kind !== PACKED_KIND.integer) throw refused()
  return cursor.integer
}

function elementOf(cursor: PackedCursor): Uint8Array {
  const start = cursor.position
  if (!cursor.skip()) throw refused()
  return cursor.bytes.subarray(start, cursor.position)
}

function readSteps(cursor: PackedCursor, build: Build): PathStep[] {
  if (!cursor.next() || cursor.kind !== PACKED_KIND.list) throw refused()
  const { count } = cursor
  if (count === 0 || count % 2 === 1 || count / 2 > MAX_STEPS) throw refused()
  const steps: PathStep[] = []
  for (let left = count; left > 0; left -= 2) {
    const type = Number(BigInt.asUintN(32, integerOf(cursor)))
    if ((type & CONTEXT_AND) === 0) steps.push(readStep(cursor, type, build))
    else addFilter(steps.at(-1), type, readFilter(cursor, build))
  }
  return steps
}

/** A second filter goes with the step before, which must not be a filter itself, nor have one already. */
function addFilter(step: PathStep | undefined, type: number, filter: Expression | undefined): void {
  const isAllowed = type === (CONTEXT_AND | CONTEXT_TYPE.filter) && step?.hasAnd === false
  if (!isAllowed || step.base === BASE.filter) throw refused()
  step.and = filter
  step.hasAnd = true
}

function readStep(cursor: PackedCursor, type: number, build: Build): PathStep {
  const step = { kind: type & KIND_MASK, base: type & BASE_MASK, and: undefined, hasAnd: false }
  const nothing = { index: 0, value: new Uint8Array(0), filter: undefined }
  switch (step.base) {
    case BASE.index:
    case BASE.rank:
      return { ...step, ...nothing, index: Number(BigInt.asIntN(64, integerOf(cursor))) }
    case BASE.key:
    case BASE.value:
    case BASE.keys:
      return { ...step, ...nothing, value: elementOf(cursor) }
    case BASE.filter:
      return { ...step, ...nothing, filter: readFilter(cursor, build) }
    default:
      throw refused()
  }
}

/** `undefined` for `true`, which takes all. */
function readFilter(cursor: PackedCursor, build: Build): Expression | undefined {
  const element = elementOf(cursor)
  if (containerKind(element) === 'list') return build(element) ?? refuse()
  if (element[0] === TRUE) return undefined
  return refuse()
}

function refuse(): never {
  throw refused()
}

const TRUE = 0xc3

function elementsOf(container: Container): readonly Uint8Array[] {
  return container.kind === 'list' ? container.items : container.values
}

function isCollection(element: Uint8Array): boolean {
  return containerKind(element) !== undefined
}

/** One path on its way through a value. */
class PathRun {
  readonly type: number
  readonly #steps: readonly PathStep[]
  readonly #noFail: boolean
  readonly #keepsIndex: boolean
  readonly #expression: Expression | undefined
  readonly #leaves: Uint8Array[] = []
  /**
   * The server (8.1.2) goes on behind the whole value after a step by rank, or by index into a map, and fails where another
   * element was to follow on a level above.
   */
  #isAtEnd = false

  constructor(
    steps: readonly PathStep[],
    type: number,
    noFail: boolean,
    keepsIndex: boolean,
    expression: Expression | undefined,
  ) {
    this.#steps = steps
    this.#keepsIndex = keepsIndex
    this.type = type
    this.#noFail = noFail
    this.#expression = expression
  }

  /** What the path leads to: the containers on its way with only that in them, or a list of the ends. */
  select(element: Uint8Array): Particle {
    if (this.type === SELECT_FLAG.tree) {
      const tree = openContainer(this.#tree(element, 0)) as Container
      // An empty one comes with what marks it, seen or not.
      const isEmpty = elementsOf(openContainer(element) as Container).length === 0
      const hidden = this.#keepsIndex && isEmpty ? MARKER.persistIndex : 0
      return containerParticle({ ...tree, flags: tree.flags | hidden })
    }
    this.#gather(element, 0)
    return listParticle(this.#leaves)
  }

  #isLast(level: number): boolean {
    return level === this.#steps.length - 1
  }

  /** A collection with nothing in it but what the path takes. It is not an ordered one any more. */
  #tree(element: Uint8Array, level: number): Uint8Array {
    const container = openContainer(element) as Container
    const elements = elementsOf(container)
    if (elements.length === 0) return closeContainer(container)
    const places: number[] = []
    const children: Uint8Array[] = []
    for (const place of this.#places(container, level)) {
      const child = elements[place] as Uint8Array
      places.push(place)
      children.push(!this.#isLast(level) && isCollection(child) ? this.#tree(child, level + 1) : child)
    }
    if (container.kind === 'list') return closeContainer({ kind: 'list', flags: 0, items: children })
    const keys = places.map((place) => container.keys[place] as Uint8Array)
    return closeContainer({ kind: 'map', flags: 0, keys, values: children })
  }

  #gather(element: Uint8Array, level: number): void {
    const container = openContainer(element) as Container
    const elements = elementsOf(container)
    for (const place of this.#places(container, level)) {
      const child = elements[place] as Uint8Array
      if (!this.#isLast(level)) {
        if (isCollection(child)) this.#gather(child, level + 1)
        continue
      }
      if ((this.type & SELECT_FLAG.key) !== 0)
        this.#leaves.push((container as PackedMap).keys[place] as Uint8Array)
      if ((this.type & SELECT_FLAG.value) !== 0) this.#leaves.push(child)
    }
  }

  /** The collection with what the path leads to replaced or removed. */
  modify(element: Uint8Array, level = 0): Uint8Array {
    const container = openContainer(element) as Container
    const values: (Uint8Array | undefined)[] = elementsOf(container).slice()
    for (const place of this.#places(container, level)) {
      const child = values[place] as Uint8Array
      if (this.#isLast(level)) values[place] = this.#modified(container, place)
      else if (isCollection(child)) values[place] = this.modify(child, level + 1)
    }
    const kept = values.filter((value) => value !== undefined)
    if (container.kind === 'map') {
      const keys = container.keys.filter((_, place) => values[place] !== undefined)
      return closeContainer({ ...container, keys, values: kept })
    }
    const isOrdered = (container.flags & MARKER.ordered) !== 0
    return closeContainer({ ...container, items: isOrdered ? kept.sort(compareElements) : kept })
  }

  /** What the expression makes of an element; `undefined`: it is removed. */
  #modified(container: Container, place: number): Uint8Array | undefined {
    const computed = this.#expression?.evaluate(new Evaluation(undefined, loopElement(container, place)))
    if (computed === REMOVED) return undefined
    const packed = packedOf(computed)
    if (packed === undefined) {
      if (!this.#noFail) throw new Refused(RESULT.unknown)
      return elementsOf(container)[place]
    }
    if (hasComparison(packed)) throw new Refused(RESULT.incompatibleType)
    return packed
  }

  /** The places that a step leads to, one after the other: what goes wrong further down goes wrong in between. */
  *#places(container: Container, level: number): Generator<number> {
    const step = this.#steps[level] as PathStep
    const elements = elementsOf(container)
    // A list with nothing but a mark in it has been looked at before the server sees that.
    const isMarked = container.flags !== 0 || (level === 0 && this.#keepsIndex)
    if (elements.length === 0 && !(container.kind === 'list' && isMarked)) return
    const wantsKeys =
      this.#isLast(level) && (this.type & SELECT_FLAG.key) !== 0 && this.type !== SELECT_APPLIES
    if (container.kind === 'list' && wantsKeys) {
      if (this.#noFail) return
      throw new Refused(RESULT.incompatibleType)
    }
    if (elements.length === 0) return
    if (step.kind !== 0 && step.kind !== (container.kind === 'list' ? LIST_KIND : MAP_KIND)) throw refused()
    if (step.base === BASE.index || step.base === BASE.rank) {
      const place = placeOf(container, step)
      if (place === undefined) return
      // Here an answer that is unknown is as good as no, whatever the flags.
      const holds = this.#holds(step.and, container, place) === true
      if (holds) yield place
      if (container.kind === 'map' || step.base === BASE.rank) this.#isAtEnd = true
      else if (holds && this.#isAtEnd && place < elements.length - 1) throw new Refused(RESULT.unknown)
      return
    }
    const keys = step.base === BASE.keys && container.kind === 'map' ? keysOf(step.value) : []
    for (let place = 0; place < elements.length; place++) {
      if (this.#isAtEnd) this.#failAtEnd(step, container, place)
      if (this.#takes(step, keys, container, place)) yield place
      if (!isFound(step, container, place)) continue
      if (this.#isAtEnd && place < elements.length - 1) throw new Refused(RESULT.unknown)
      return
    }
  }

  /** What the server says of the next element when it has lost its place; a filter may be unknown before that. */
  #failAtEnd(step: PathStep, container: Container, place: number): never {
    const isFilter = container.kind === 'list' && step.base === BASE.filter && step.filter !== undefined
    const index = packedInteger(BigInt(place))
    const nowhere = new Evaluation(undefined, { key: undefined, value: undefined, index })
    const isUnknown = isFilter && step.filter.evaluate(nowhere) === undefined
    throw new Refused(isUnknown && !this.#noFail ? RESULT.parameter : RESULT.unknown)
  }

  #takes(step: PathStep, keys: readonly Uint8Array[], container: Container, place: number): boolean {
    let holds = this.#matches(step, keys, container, place)
    if (holds === true) holds = this.#holds(step.and, container, place)
    if (holds === undefined && !this.#noFail) throw refused()
    return holds === true
  }

  #matches(
    step: PathStep,
    keys: readonly Uint8Array[],
    container: Container,
    place: number,
  ): boolean | undefined {
    switch (step.base) {
      case BASE.filter:
        return this.#holds(step.filter, container, place)
      case BASE.value:
        return compareElements(elementsOf(container)[place] as Uint8Array, step.value) === 0
      case BASE.key:
      case BASE.keys: {
        if (container.kind === 'list') return undefined
        const key = container.keys[place] as Uint8Array
        const wanted = step.base === BASE.key ? [step.value] : keys
        return wanted.some((each) => compareElements(key, each) === 0)
      }
      default:
        return undefined
    }
  }

  /** What a filter says of an element; anything but a truth is no. */
  #holds(filter: Expression | undefined, container: Container, place: number): boolean | undefined {
    if (filter === undefined) return true
    const computed = filter.evaluate(new Evaluation(undefined, loopElement(container, place)))
    return computed === undefined ? undefined : computed === true
  }
}

function loopElement(container: Container, place: number): LoopElement {
  const value = elementsOf(container)[place]
  if (container.kind === 'list') return { key: undefined, value, index: packedInteger(BigInt(place)) }
  return { key: container.keys[place], value, index: undefined }
}

/** A key is there but once, and nothing is looked for behind it. */
function isFound(step: PathStep, container: Container, place: number): boolean {
  if (step.base !== BASE.key || container.kind === 'list') return false
  return compareElements(container.keys[place] as Uint8Array, step.value) === 0
}

function placeOf(container: Container, step: PathStep): number | undefined {
  const elements = elementsOf(container)
  const number = step.index < 0 ? step.index + elements.length : step.index
  if (number < 0 || number >= elements.length) return undefined
  const isOrdered = (container.flags & MARKER.ordered) !== 0
  const standsInOrder =
    step.base === BASE.index ? container.kind === 'list' || isOrdered : container.kind === 'list' && isOrdered
  if (standsInOrder) return number
  const ordering = step.base === BASE.index ? (container as PackedMap).keys : elements
  return placeOfRank(elements.length, number, (first, second) =>
    compareElements(ordering[first] as Uint8Array, ordering[second] as Uint8Array),
  )
}

function keysOf(value: Uint8Array): readonly Uint8Array[] {
  const list = openContainer(value)
  if (list?.kind !== 'list') throw refused()
  const isOrdered = (list.flags & MARKER.ordered) !== 0
  const isInOrder = list.items.every(
    (item, index) => index === 0 || compareElements(list.items[index - 1] as Uint8Array, item) <= 0,
  )
  if (isOrdered && !isInOrder) throw refused()
  return list.items
}

/** Whether something in there is only for comparisons, and cannot be stored. */
function hasComparison(packed: Uint8Array): boolean {
  const cursor = new PackedCursor(packed)
  while (cursor.next()) if (cursor.isComparison) return true
  return false
}
