/** What an operation does to records, as far as sending it twice is concerned. */
export type OperationKind = 'READ' | 'WRITE_RETRYABLE' | 'WRITE_NON_RETRYABLE'
/** How many records an operation names: one, several, or those a query finds. */
export type OperationShape = 'POINT' | 'BATCH' | 'QUERY'
/** Whether the namespace prefers availability (`AP`) or strong consistency (`SC`). */
export type NamespaceMode = 'AP' | 'SC'

/** All kinds, in the order of the settings slots. */
export const OPERATION_KINDS: readonly OperationKind[] = ['READ', 'WRITE_RETRYABLE', 'WRITE_NON_RETRYABLE']
/** All shapes, in the order of the settings slots. */
export const OPERATION_SHAPES: readonly OperationShape[] = ['POINT', 'BATCH', 'QUERY']
/** Both modes, in the order of the settings slots. */
export const NAMESPACE_MODES: readonly NamespaceMode[] = ['AP', 'SC']

/** Which operations something concerns; a dimension that is left out is not restricted. */
export interface Coverage {
  readonly kinds?: readonly OperationKind[]
  readonly shapes?: readonly OperationShape[]
  readonly modes?: readonly NamespaceMode[]
}

/** The scopes of a behavior. */
export type ScopeName =
  | 'all'
  | 'reads'
  | 'readsAp'
  | 'readsSc'
  | 'readsPoint'
  | 'readsBatch'
  | 'readsQuery'
  | 'writes'
  | 'writesAp'
  | 'writesSc'
  | 'writesRetryable'
  | 'writesNonRetryable'
  | 'writesPoint'
  | 'writesBatch'
  | 'writesQuery'

const READS: readonly OperationKind[] = ['READ']
const WRITES: readonly OperationKind[] = ['WRITE_RETRYABLE', 'WRITE_NON_RETRYABLE']

/** Every scope with the operations it covers. The order is the cascade: within one behavior, a later scope wins. */
export const SCOPES: { readonly [Name in ScopeName]: Coverage } = {
  all: {},
  reads: { kinds: READS },
  readsAp: { kinds: READS, modes: ['AP'] },
  readsSc: { kinds: READS, modes: ['SC'] },
  readsPoint: { kinds: READS, shapes: ['POINT'] },
  readsBatch: { kinds: READS, shapes: ['BATCH'] },
  readsQuery: { kinds: READS, shapes: ['QUERY'] },
  writes: { kinds: WRITES },
  writesAp: { kinds: WRITES, modes: ['AP'] },
  writesSc: { kinds: WRITES, modes: ['SC'] },
  writesRetryable: { kinds: ['WRITE_RETRYABLE'] },
  writesNonRetryable: { kinds: ['WRITE_NON_RETRYABLE'] },
  writesPoint: { kinds: WRITES, shapes: ['POINT'] },
  writesBatch: { kinds: WRITES, shapes: ['BATCH'] },
  writesQuery: { kinds: WRITES, shapes: ['QUERY'] },
}

/** The scopes in the order of the cascade. */
export const SCOPE_NAMES: readonly ScopeName[] = Object.keys(SCOPES) as ScopeName[]

/** Whether an operation is among those covered. */
export function covers(
  coverage: Coverage,
  kind: OperationKind,
  shape: OperationShape,
  mode: NamespaceMode,
): boolean {
  return (
    (coverage.kinds?.includes(kind) ?? true) &&
    (coverage.shapes?.includes(shape) ?? true) &&
    (coverage.modes?.includes(mode) ?? true)
  )
}

/** Whether any operation is covered by both. */
export function overlap(one: Coverage, other: Coverage): boolean {
  return meet(one.kinds, other.kinds) && meet(one.shapes, other.shapes) && meet(one.modes, other.modes)
}

function meet<T>(one: readonly T[] | undefined, other: readonly T[] | undefined): boolean {
  return one === undefined || other === undefined || one.some((item) => other.includes(item))
}

/** One operation as the behaviors see it. */
export interface Operation {
  readonly kind: OperationKind
  readonly shape: OperationShape
  readonly mode: NamespaceMode
}

/** Every combination of kind, shape and mode. */
export const OPERATIONS: readonly Operation[] = OPERATION_KINDS.flatMap((kind) =>
  OPERATION_SHAPES.flatMap((shape) => NAMESPACE_MODES.map((mode) => ({ kind, shape, mode }))),
)
