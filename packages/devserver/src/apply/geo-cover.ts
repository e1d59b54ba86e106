import { s2 } from 's2js'

/** What covering a region with cells asks of it. */
export interface Coverable {
  /** May say `true` of a cell that only nearly touches the region. */
  intersectsCell(cell: s2.Cell): boolean
  containsCell(cell: s2.Cell): boolean
  /** A few cells that cover the region, to begin with. */
  cellUnionBound(): readonly bigint[]
}

/*
 * The server's settings, geo2dsphere-within: none coarser than level 1, the finest possible at most, some twelve cells.
 */
const MIN_LEVEL = 1
const MAX_LEVEL = 30
const MAX_CELLS = 12
const MAX_FIRST_CELLS = 4

interface Candidate {
  readonly cell: s2.Cell
  /** Whether it is taken as it is, not its children. */
  isWhole: boolean
  /** Its children that touch the region. */
  readonly children: Candidate[]
  urgency: number
}

/**
 * The cells that the server covers a region with, ascending. They decide where a region stands in an index and are part of
 * its value, so that they are chosen as the server's library does, down to which of two equals comes first; the library
 * used here chooses others. Source: S2 geometry, s2region_coverer.cc.
 */
export function coverRegion(region: Coverable): bigint[] {
  const chosen: bigint[] = []
  const waiting = new CandidateHeap()

  const candidateOf = (cell: s2.Cell): Candidate | undefined => {
    if (!region.intersectsCell(cell)) return undefined
    const isWhole = cell.level >= MIN_LEVEL && (cell.level === MAX_LEVEL || region.containsCell(cell))
    return { cell, isWhole, children: [], urgency: 0 }
  }
  const add = (candidate: Candidate | undefined): void => {
    if (candidate === undefined) return
    const { cell, children } = candidate
    if (!candidate.isWhole) {
      children.push(...cell.children().flatMap((child) => candidateOf(child) ?? []))
      if (children.length === 0) return
      const whole = children.filter(({ isWhole }) => isWhole).length
      candidate.isWhole = whole === 4 && cell.level >= MIN_LEVEL
      // Large cells first, then those with few children, then those with few that are settled.
      candidate.urgency = -((cell.level * 4 + children.length) * 4 + whole)
    }
    if (candidate.isWhole) chosen.push(cell.id)
    else waiting.push(candidate)
  }

  for (const id of firstCells(region)) add(candidateOf(s2.Cell.fromCellID(id)))
  for (let candidate = waiting.pop(); candidate !== undefined; candidate = waiting.pop()) {
    const { cell, children } = candidate
    const isRoom = chosen.length + waiting.size + children.length <= MAX_CELLS
    if (cell.level < MIN_LEVEL || children.length === 1 || isRoom) children.forEach(add)
    else chosen.push(cell.id)
  }
  const union = new s2.CellUnion(...chosen)
  union.normalize()
  union.denormalize(MIN_LEVEL, 1)
  return [...union]
}

function firstCells(region: Coverable): Iterable<bigint> {
  const union = new s2.CellUnion(...region.cellUnionBound())
  new s2.Coverer(0, MAX_LEVEL, 1, MAX_FIRST_CELLS).normalizeCovering(union)
  return union
}

/** A heap whose equals come out in the order of the C++ library that the server is built with. */
class CandidateHeap {
  readonly #items: Candidate[] = []

  get size(): number {
    return this.#items.length
  }

  push(candidate: Candidate): void {
    this.#items.push(candidate)
    this.#raise(this.#items.length - 1, candidate)
  }

  /** The most urgent one. */
  pop(): Candidate | undefined {
    const items = this.#items
    const top = items[0]
    const last = items.pop()
    if (last === undefined || items.length === 0) return top
    // The hole at the top sinks to the bottom along the more urgent children, and the last one rises from there.
    let hole = 0
    for (let child = this.#moreUrgentChild(hole); child !== undefined; child = this.#moreUrgentChild(hole)) {
      items[hole] = items[child] as Candidate
      hole = child
    }
    this.#raise(hole, last)
    return top
  }

  /** Of two equals the right one. */
  #moreUrgentChild(parent: number): number | undefined {
    const [left, right] = [this.#items[2 * parent + 1], this.#items[2 * parent + 2]]
    if (left === undefined) return undefined
    return right !== undefined && right.urgency >= left.urgency ? 2 * parent + 2 : 2 * parent + 1
  }

  #raise(from: number, candidate: Candidate): void {
    const items = this.#items
    let hole = from
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if ((items[parent] as Candidate).urgency >= candidate.urgency) break
      items[hole] = items[parent] as Candidate
      hole = parent
    }
    items[hole] = candidate
  }
}

/** The finest cells inside a cell, from the first to the last. */
export function cellsInside(cell: bigint): { readonly first: bigint; readonly last: bigint } {
  const half = lowestBit(cell) - 1n
  return { first: cell - half, last: cell + half }
}

/** A cell and those that it lies in, but for the faces of the cube, ascending. */
export function cellsAround(cell: bigint): bigint[] {
  const cells: bigint[] = []
  for (let around = cell; lowestBit(around) < FACE_BIT; around = parentOf(around)) cells.push(around)
  return cells.sort((a, b) => (a < b ? -1 : 1))
}

const FACE_BIT = 1n << 60n

/** It tells a cell's size: two places further left with every level. */
function lowestBit(cell: bigint): bigint {
  return cell & -cell
}

function parentOf(cell: bigint): bigint {
  const bit = lowestBit(cell) << 2n
  return (cell & -bit) | bit
}
