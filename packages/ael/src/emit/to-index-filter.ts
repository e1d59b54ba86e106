import {
  ByteWriter,
  type Expression,
  INT64_MAX,
  INT64_MIN,
  type PathStep,
  utf8Length,
  writeContext,
} from '@aero/codec'
import {
  type Comparison,
  type Interval,
  type Shift,
  type Solution,
  solvePlain,
  solveShifted,
  within,
} from '../meaning/interval.ts'
import type { Meaning } from '../meaning/scope.ts'
import { selectsSeveral } from '../meaning/types.ts'
import { bytesFromBase64 } from '../text/bytes.ts'
import type { AelNode, AelType, BinaryNode, PathNode } from '../tree/ast.ts'
import { literalValue } from './literal.ts'
import { contextOf } from './path.ts'
import { toExpression } from './to-expression.ts'

/** What is known of a secondary index. */
export interface IndexDefinition {
  readonly bin: string
  readonly type: 'NUMERIC' | 'INTEGER' | 'STRING' | 'BLOB' | 'GEO2DSPHERE'
  /** Without it the index is not used. */
  readonly namespace?: string
  /** The set it covers; all of the namespace when left out. */
  readonly set?: string
  readonly name?: string
  /** What of a list or map is indexed; only `DEFAULT`, the value as it stands, answers comparisons. */
  readonly collection?: 'DEFAULT' | 'LIST' | 'MAPKEYS' | 'MAPVALUES'
  /** The path to the value that is indexed, inside of the bin. */
  readonly context?: readonly PathStep[]
  /** Index entries per unique value, as the server counts them (`entries_per_bval`): the fewer, the better it selects. */
  readonly entriesPerValue?: number
}

/** Where a query looks, and what it may use. */
export interface IndexTarget {
  readonly namespace: string
  readonly set?: string
  readonly indexes: readonly IndexDefinition[]
  /** Use this index, if it is eligible. */
  readonly hintIndex?: string
  /** Use an index on this bin, if one is eligible. */
  readonly hintBin?: string
}

/** What is asked of an index: values from one to another, both included. */
export interface IndexRange {
  readonly index: IndexDefinition
  readonly bin: string
  readonly type: 'NUMERIC' | 'STRING' | 'BLOB'
  readonly from: bigint | string | Uint8Array
  readonly to: bigint | string | Uint8Array
  readonly context: readonly PathStep[]
}

/** How a query is to be done. */
export interface IndexPlan {
  /** Undefined when no index serves: then everything is looked at. */
  readonly range: IndexRange | undefined
  /** What must still be checked of what the range gives; undefined when that is all. Without a range it is the whole. */
  readonly residual: Expression | undefined
  /** The same, as a tree that can be printed. */
  readonly residualTree: AelNode | undefined
  /** The whole expression. */
  readonly expression: Expression
}

/** Longer texts and blobs are not in an index: as/include/sindex/sindex.h of the server. */
const MAX_INDEXED_BYTES = 2048

/** Ranges less wide than this count as having two ends. */
const TWO_ENDED = 2n ** 62n

const FLIPPED: { readonly [operator: string]: Comparison | undefined } = {
  '==': '==',
  '>': '<',
  '>=': '<=',
  '<': '>',
  '<=': '>=',
}

/** A comparison that an index could answer. */
interface Leaf {
  readonly node: AelNode
  readonly path: PathNode
  readonly type: IndexRange['type']
  readonly context: readonly PathStep[]
  readonly wanted: Interval | string | Uint8Array
}

/** An index, and the comparisons it would answer. */
interface Candidate {
  readonly index: IndexDefinition
  readonly leaves: readonly Leaf[]
  readonly wanted: Interval | string | Uint8Array
}

/** Decides which index answers which part of an expression. */
export function toIndexPlan(tree: AelNode, target: IndexTarget, meaning: Meaning): IndexPlan {
  const expression = toExpression(tree, 'BOOL', meaning)
  const operands = conjuncts(tree)
  const leaves = operands.map((node) => leafOf(node, meaning)).filter((leaf) => leaf !== undefined)
  const best = choose(candidatesOf(leaves, target, meaning), target, meaning)
  if (best === undefined) return { range: undefined, residual: expression, residualTree: tree, expression }
  const answered = new Set(best.leaves.map(({ node }) => node))
  const left = operands.filter((node) => !answered.has(node))
  const residualTree: AelNode | undefined =
    left.length > 1
      ? { kind: 'logic', operator: 'and', operands: left, start: tree.start, end: tree.end }
      : left[0]
  const residual = residualTree === undefined ? undefined : toExpression(residualTree, 'BOOL', meaning)
  return { range: rangeOf(best), residual, residualTree, expression }
}

/** What must all hold for the whole to hold. */
function conjuncts(node: AelNode): readonly AelNode[] {
  return node.kind === 'logic' && node.operator === 'and' ? node.operands.flatMap(conjuncts) : [node]
}

function rangeOf({ index, leaves, wanted }: Candidate): IndexRange {
  const { type, context } = leaves[0] as Leaf
  const isInterval = typeof wanted === 'object' && !(wanted instanceof Uint8Array)
  return {
    index,
    bin: index.bin,
    type,
    from: isInterval ? wanted.from : wanted,
    to: isInterval ? wanted.to : wanted,
    context,
  }
}

function leafOf(node: AelNode, meaning: Meaning): Leaf | undefined {
  if (node.kind !== 'binary' || node.operator === 'in' || node.operator === '!=') return undefined
  const comparison = FLIPPED[node.operator]
  if (comparison === undefined) return undefined
  return (
    leafFrom(node, node.left, node.operator as Comparison, node.right, meaning) ??
    leafFrom(node, node.right, comparison, node.left, meaning)
  )
}

/** `side comparison literal`, if that is what it is. */
function leafFrom(
  node: BinaryNode,
  side: AelNode,
  comparison: Comparison,
  literal: AelNode,
  meaning: Meaning,
): Leaf | undefined {
  const bound = literalValue(literal, meaning)
  if (bound === undefined) return undefined
  const number = wholeNumber(bound)
  if (side.kind === 'binary') {
    const shifted = number === undefined ? undefined : shiftOf(side, meaning)
    if (shifted === undefined || number === undefined) return undefined
    const solution = solveShifted(shifted.shift, comparison, number, !meaning.reference)
    return intLeaf(node, shifted.path, solution, meaning)
  }
  if (side.kind !== 'path') return undefined
  if (number !== undefined) return intLeaf(node, side, solvePlain(comparison, number), meaning)
  if (comparison !== '==') return undefined
  const type = typeAsked(side)
  if (bound instanceof Uint8Array && (type === 'BLOB' || type === undefined))
    return fits(bound.length) ? leaf(node, side, 'BLOB', bound, meaning) : undefined
  if (typeof bound !== 'string') return undefined
  if (type === 'STRING' || type === undefined)
    return fits(utf8Length(bound)) ? leaf(node, side, 'STRING', bound, meaning) : undefined
  const bytes = type === 'BLOB' ? bytesFromBase64(bound) : undefined
  return bytes !== undefined && fits(bytes.length) ? leaf(node, side, 'BLOB', bytes, meaning) : undefined
}

function fits(bytes: number): boolean {
  return bytes < MAX_INDEXED_BYTES
}

function intLeaf(node: AelNode, path: PathNode, solution: Solution, meaning: Meaning): Leaf | undefined {
  const type = typeAsked(path)
  if (type !== undefined && type !== 'INT') return undefined
  // What nothing satisfies needs no index, and what everything satisfies is not worth one.
  if (typeof solution !== 'object' || (solution.from === INT64_MIN && solution.to === INT64_MAX))
    return undefined
  return leaf(node, path, 'NUMERIC', solution, meaning)
}

function leaf(
  node: AelNode,
  path: PathNode,
  type: Leaf['type'],
  wanted: Leaf['wanted'],
  meaning: Meaning,
): Leaf | undefined {
  const { call, elements } = path
  const isPlain = call === undefined || (call.name === 'get' && (call.returns ?? 'VALUE') === 'VALUE')
  if (!isPlain || selectsSeveral(path) || elements.some(({ by }) => by === 'whole')) return undefined
  return { node, path, type, context: contextOf(path, meaning), wanted }
}

function typeAsked(path: PathNode): AelType | undefined {
  return path.call?.name === 'get' ? path.call.type : undefined
}

function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  return typeof value === 'number' && Number.isInteger(value) && !Object.is(value, -0)
    ? BigInt(value)
    : undefined
}

function shiftOf(
  node: BinaryNode,
  meaning: Meaning,
): { readonly path: PathNode; readonly shift: Shift } | undefined {
  const { operator, left, right } = node
  if (operator !== '+' && operator !== '-' && operator !== '*' && operator !== '/') return undefined
  const [path, literal] = left.kind === 'path' ? [left, right] : [right, left]
  if (path.kind !== 'path') return undefined
  const constant = wholeNumber(literalValue(literal, meaning))
  return constant === undefined
    ? undefined
    : { path, shift: { operator, constant, constantFirst: literal === left } }
}

function candidatesOf(leaves: readonly Leaf[], target: IndexTarget, meaning: Meaning): Candidate[] {
  const candidates: Candidate[] = []
  for (const index of target.indexes) {
    const served = leaves.filter((each) => serves(index, each, target, meaning))
    // The references take the first comparison that an index answers, and leave the others to the residual.
    if (meaning.reference) {
      for (const each of served) candidates.push({ index, leaves: [each], wanted: each.wanted })
      continue
    }
    const candidate = merged(index, served)
    if (candidate !== undefined) candidates.push(candidate)
  }
  return candidates
}

/** All that an index answers of a conjunction, as one range; undefined when nothing can satisfy it. */
function merged(index: IndexDefinition, leaves: readonly Leaf[]): Candidate | undefined {
  const [first] = leaves
  if (first === undefined) return undefined
  let { wanted } = first
  if (typeof wanted === 'string' || wanted instanceof Uint8Array) return { index, leaves: [first], wanted }
  for (const each of leaves) {
    const both = within(wanted, each.wanted as Interval)
    if (both === 'none') return undefined
    wanted = both
  }
  return { index, leaves, wanted }
}

function serves(index: IndexDefinition, each: Leaf, target: IndexTarget, meaning: Meaning): boolean {
  const type = index.type === 'INTEGER' ? 'NUMERIC' : index.type
  return (
    index.namespace === target.namespace &&
    coversSet(index.set, target.set, meaning) &&
    (index.collection ?? 'DEFAULT') === 'DEFAULT' &&
    index.bin === each.path.bin &&
    type === each.type &&
    isSameContext(index.context ?? [], each.context)
  )
}

function coversSet(indexed: string | undefined, queried: string | undefined, meaning: Meaning): boolean {
  if (indexed === undefined || indexed === '' || indexed === queried) return true
  // An index on one set knows nothing of the others; the references overlook that.
  return meaning.reference && queried === undefined
}

function isSameContext(one: readonly PathStep[], other: readonly PathStep[]): boolean {
  if (one.length !== other.length) return false
  const bytes = [one, other].map((context) => {
    const out = new ByteWriter(32)
    writeContext(out, context)
    return out.take()
  })
  const [first, second] = bytes as [Uint8Array, Uint8Array]
  return first.length === second.length && first.every((byte, index) => byte === second[index])
}

function choose(
  candidates: readonly Candidate[],
  target: IndexTarget,
  meaning: Meaning,
): Candidate | undefined {
  const { hintIndex, hintBin } = target
  const hinted = candidates.filter(
    ({ index }) =>
      (hintIndex !== undefined && index.name === hintIndex) ||
      (hintBin !== undefined && index.bin === hintBin),
  )
  const order = meaning.reference ? referenceOrder : ownOrder
  return [...(hinted.length > 0 ? hinted : candidates)].sort(order)[0]
}

/** Equality before ranges with two ends before those with one; then the fewest entries for a value; then by name. */
function ownOrder(one: Candidate, other: Candidate): number {
  return (
    shapeOf(one) - shapeOf(other) ||
    compare(one.index.entriesPerValue ?? Number.MAX_VALUE, other.index.entriesPerValue ?? Number.MAX_VALUE) ||
    compare(one.index.bin, other.index.bin)
  )
}

/** The most entries for a value, which the references take for the fewest; then by name. */
function referenceOrder(one: Candidate, other: Candidate): number {
  return (
    compare(other.index.entriesPerValue ?? -1, one.index.entriesPerValue ?? -1) ||
    compare(one.index.bin, other.index.bin)
  )
}

function shapeOf({ wanted }: Candidate): number {
  if (typeof wanted === 'string' || wanted instanceof Uint8Array || wanted.from === wanted.to) return 0
  // A range that arithmetic has kept off the last few numbers has one end all the same.
  return wanted.to - wanted.from < TWO_ENDED ? 1 : 2
}

function compare<Thing extends number | string>(one: Thing, other: Thing): number {
  return one < other ? -1 : one > other ? 1 : 0
}
