import type {
  BitArithmetic,
  Double,
  Expression,
  ExpressionType,
  GeoJson,
  HyperLogLog,
  LoopPart,
  PathStep,
  SortedMap,
  Value,
} from '@aero/codec'
import type {
  BitResizeOptions,
  BitWriteOptions,
  HllWriteOptions,
  ListSortOptions,
  ListWriteItemsOptions,
  MapReturn,
  MapWriteItemsOptions,
} from './collection-options.ts'

/** Carries the type of an expression's result through the compiler; there is nothing of it at run time. */
declare const RESULT: unique symbol

/** What `Exp` is as a type; see there. */
export type TypedExpression<R extends ExpressionType = ExpressionType> = Expression & { readonly [RESULT]: R }

type T = ExpressionType
type E<R extends T = T> = TypedExpression<R>

/** What may stand for a value of each type, beside an expression. */
export interface Literals {
  nil: null
  bool: boolean
  int: number | bigint
  float: number | Double
  string: string
  blob: Uint8Array
  list: readonly Value[]
  map: ReadonlyMap<Value, Value> | SortedMap | { readonly [key: string]: Value }
  geo: GeoJson
  hll: HyperLogLog
}

/** An argument of that type: an expression that gives it, or the value itself. A map as a value needs `Exp.mapVal`. */
export type Arg<R extends T> = E<R> | (R extends 'map' ? never : Literals[R])
/** An argument of any type. */
export type AnyArg = E | Exclude<Literals[Exclude<T, 'map'>], never>

type Numeric = 'int' | 'float'
type Ordered = Exclude<T, 'nil'>
type Int = Arg<'int'>

/** Where the list or map is that a call is about: inside the one it is made on. */
export interface CallContext {
  readonly context?: readonly PathStep[]
}

/** What a call on several elements gives. */
export interface ManyOptions<R extends MapReturn> extends CallContext {
  /** Default `value`. */
  readonly returns?: R
  /** Of all other elements. */
  readonly inverted?: boolean
}

type ManyResult<R> = R extends 'count'
  ? 'int'
  : R extends 'exists'
    ? 'bool'
    : R extends 'keyValue' | 'unorderedMap' | 'orderedMap'
      ? 'map'
      : 'list'
type AboutOne<R> = R extends 'exists'
  ? 'bool'
  : R extends 'keyValue' | 'unorderedMap' | 'orderedMap'
    ? 'map'
    : 'int'

/** What a change of a map minds; several entries may be written in `partial`. */
export interface ExpMapWriteOptions extends Omit<MapWriteItemsOptions, 'persistIndex'> {
  /** The entries must not be there. */
  readonly createOnly?: boolean
  /** The entries must be there. */
  readonly updateOnly?: boolean
}

/** How a POSIX regular expression is understood. */
export interface RegexOptions {
  /** The extended syntax: `+`, `?`, `|`, `( )` and `{ }` without backslashes. Default false: the basic one. */
  readonly extended?: boolean
  readonly ignoreCase?: boolean
  /** A new line ends what `.` and `[^…]` match; `^` and `$` match at it. Default false. */
  readonly newline?: boolean
}

type GetMany<On extends T, A extends readonly unknown[]> = <R extends MapReturn = 'value'>(
  on: E<On | 'list' | 'map'>,
  ...rest: [...A, options?: ManyOptions<R>]
) => E<ManyResult<R>>

interface GetOne<On extends T, A extends readonly unknown[]> {
  <V extends T>(
    on: E<On | 'list' | 'map'>,
    ...rest: [...A, options: CallContext & { readonly type: V; readonly returns?: 'value' | 'key' }]
  ): E<V>
  <R extends Exclude<MapReturn, 'value' | 'key'>>(
    on: E<On | 'list' | 'map'>,
    ...rest: [...A, options: CallContext & { readonly returns: R }]
  ): E<AboutOne<R>>
}

/** With a context, a list may lie in a map and a map in a list: what comes back is what the call was made on. */
type Remove<On extends T, A extends readonly unknown[]> = <C extends On | 'list' | 'map'>(
  on: E<C>,
  ...rest: [...A, options?: CallContext & { readonly inverted?: boolean }]
) => E<C>
type Change<On extends T, A extends readonly unknown[], O = CallContext> = <C extends On | 'list' | 'map'>(
  on: E<C>,
  ...rest: [...A, options?: O]
) => E<C>
type ListChange<A extends readonly unknown[]> = Change<
  'list',
  A,
  CallContext & ListWriteItemsOptions & { readonly order?: 'unordered' | 'ordered' }
>
type MapChange<A extends readonly unknown[]> = Change<'map', A, CallContext & ExpMapWriteOptions>

type OneArg<R extends T, Result extends T> = (argument: Arg<R>) => E<Result>
type BinOf<R extends T> = (name: string) => E<R>
type Comparison = <R extends Ordered>(
  left: E<R>,
  right: E<NoInfer<R>> | (NoInfer<R> extends 'map' ? never : Literals[NoInfer<R>]),
) => E<'bool'>
type Variadic<R extends T> = (...args: readonly Arg<R>[]) => E<R>
type Arithmetic = <R extends Numeric>(
  first: E<R>,
  ...rest: readonly (E<NoInfer<R>> | Literals[NoInfer<R>])[]
) => E<R>
/** What follows the first case of a `cond`: more cases of the same result, and the result when none holds. */
type CasesAfterFirst<A, R extends T> = A extends readonly [unknown, unknown, ...infer More]
  ? More extends readonly []
    ? [otherwise: E<R>]
    : [when: E<'bool'>, gives: E<R>, ...CasesAfterFirst<More, R>]
  : [otherwise: E<R>]
type LoopVar<R extends T> = (part: LoopPart) => E<R>
type Range = [begin: AnyArg | undefined, end?: AnyArg | undefined]
type From = [from: Int, count?: Int | undefined]
type RelativeFrom = [anchor: AnyArg, from: Int, count?: Int | undefined]
type BitsWith = (
  on: E<'blob'>,
  offset: Int,
  size: Int,
  bytes: Arg<'blob'>,
  options?: BitWriteOptions,
) => E<'blob'>
type BitsPlus = (
  on: E<'blob'>,
  offset: Int,
  size: Int,
  value: Int,
  options?: BitArithmetic & BitWriteOptions,
) => E<'blob'>
type Anything = E | readonly Value[]

/** Values, bins, what a record is, and all that can be made of them. See {@link Exp}. */
export interface ExpBuilder {
  // ---- values
  intVal(value: number | bigint): E<'int'>
  /** A double, whole or not. */
  floatVal(value: number | Double): E<'float'>
  stringVal(value: string): E<'string'>
  boolVal(value: boolean): E<'bool'>
  blobVal(value: Uint8Array): E<'blob'>
  /** A geometry, from GeoJSON text or an object. */
  geoVal(value: string | object): E<'geo'>
  listVal(value: readonly Value[]): E<'list'>
  mapVal(value: Literals['map']): E<'map'>
  hllVal(value: HyperLogLog): E<'hll'>
  nil(): E<'nil'>
  /** Higher than every value; in ranges of calls. */
  infinity(): E
  /** Equal to every value; in comparisons of calls. */
  wildcard(): E
  /** A value of whatever type it has. */
  val(value: Value): E

  // ---- bins: unknown when they are not there or hold another type
  intBin: BinOf<'int'>
  floatBin: BinOf<'float'>
  stringBin: BinOf<'string'>
  boolBin: BinOf<'bool'>
  blobBin: BinOf<'blob'>
  geoBin: BinOf<'geo'>
  listBin: BinOf<'list'>
  mapBin: BinOf<'map'>
  hllBin: BinOf<'hll'>
  binExists: BinOf<'bool'>
  /** The particle type of a bin; 0 when it is not there. */
  binType: BinOf<'int'>

  // ---- the record
  /** The key the record was written with, if it was sent along. */
  key<R extends 'int' | 'string' | 'blob'>(type: R): E<R>
  keyExists(): E<'bool'>
  setName(): E<'string'>
  deviceSize(): E<'int'>
  memorySize(): E<'int'>
  recordSize(): E<'int'>
  /** Nanoseconds since 1970. */
  lastUpdate(): E<'int'>
  /** Milliseconds. */
  sinceUpdate(): E<'int'>
  /** Nanoseconds since 1970; -1: never expires. */
  voidTime(): E<'int'>
  /** Seconds; -1: never expires. */
  ttl(): E<'int'>
  isTombstone(): E<'bool'>
  /** The digest as a number, modulo another. */
  digestModulo(modulo: number): E<'int'>

  // ---- comparisons and logic
  eq: Comparison
  ne: Comparison
  gt: Comparison
  ge: Comparison
  lt: Comparison
  le: Comparison
  and: Variadic<'bool'>
  or: Variadic<'bool'>
  /** Exactly one of them holds. */
  exclusive: Variadic<'bool'>
  /** Another name of {@link exclusive}. */
  xor: Variadic<'bool'>
  not: OneArg<'bool', 'bool'>
  /** Whether a value is in a list. Servers from 8.1.1. */
  inList(value: AnyArg, list: Arg<'list'>): E<'bool'>
  /** Whether a POSIX regular expression is found in a text. A number as `options` is the flags of regcomp(3). */
  regexCompare(pattern: string, options: RegexOptions | number, text: Arg<'string'>): E<'bool'>
  /** Whether a point lies in a region. */
  geoCompare(left: Arg<'geo'>, right: Arg<'geo'>): E<'bool'>

  // ---- numbers
  numAdd: Arithmetic
  numSub: Arithmetic
  numMul: Arithmetic
  numDiv: Arithmetic
  min: Arithmetic
  max: Arithmetic
  numMod(number: Int, by: Int): E<'int'>
  numPow(base: Arg<'float'>, exponent: Arg<'float'>): E<'float'>
  numLog(number: Arg<'float'>, base: Arg<'float'>): E<'float'>
  numAbs<R extends Numeric>(number: E<R>): E<R>
  numFloor: OneArg<'float', 'float'>
  numCeil: OneArg<'float', 'float'>
  toInt: OneArg<'float', 'int'>
  toFloat: OneArg<'int', 'float'>
  intAnd: Variadic<'int'>
  intOr: Variadic<'int'>
  intXor: Variadic<'int'>
  intNot: OneArg<'int', 'int'>
  intLshift(number: Int, by: Int): E<'int'>
  /** Shifts zeros in from the left. */
  intRshift(number: Int, by: Int): E<'int'>
  /** Keeps the sign. */
  intArshift(number: Int, by: Int): E<'int'>
  /** How many bits are 1. */
  intCount: OneArg<'int', 'int'>
  intLscan(number: Int, bit: Arg<'bool'>): E<'int'>
  intRscan(number: Int, bit: Arg<'bool'>): E<'int'>

  // ---- control
  /** What the first case gives whose condition holds; the last argument when none does. */
  cond<R extends T, A extends readonly E[]>(
    when: E<'bool'>,
    gives: E<R>,
    ...rest: A & CasesAfterFirst<A, NoInfer<R>>
  ): E<R>
  /**
   * Variables for an expression: `let({ x: … }, ({ x }) => …)`. A later one may use an earlier one by {@link var}, and so may a
   * body that is no function.
   */
  let<V extends { readonly [name: string]: E }, R extends T>(
    variables: V,
    body: E<R> | ((variables: V) => E<R>),
  ): E<R>
  /** A variable of a `let` around this place. */
  var<R extends T>(name: string, type: R): E<R>
  unknown(): E<never>

  // ---- lists
  listSize(on: E<'list' | 'map'>, options?: CallContext): E<'int'>
  listGetByIndex: GetOne<'list', [index: Int]>
  listGetByRank: GetOne<'list', [rank: Int]>
  listGetByValue: GetMany<'list', [value: AnyArg]>
  listGetByValueRange: GetMany<'list', Range>
  listGetByValueList: GetMany<'list', [values: Arg<'list'>]>
  listGetByValueRelativeRankRange: GetMany<'list', RelativeFrom>
  listGetByIndexRange: GetMany<'list', From>
  listGetByRankRange: GetMany<'list', From>
  listAppend: ListChange<[value: AnyArg]>
  listAppendItems: ListChange<[values: Arg<'list'>]>
  listInsert: ListChange<[index: Int, value: AnyArg]>
  listInsertItems: ListChange<[index: Int, values: Arg<'list'>]>
  listSet: ListChange<[index: Int, value: AnyArg]>
  listIncrement: ListChange<[index: Int, by: Arg<'int'> | Arg<'float'>]>
  listClear: Change<'list', []>
  listSort: Change<'list', [], CallContext & ListSortOptions>
  listRemoveByValue: Remove<'list', [value: AnyArg]>
  listRemoveByValueList: Remove<'list', [values: Arg<'list'>]>
  listRemoveByValueRange: Remove<'list', Range>
  listRemoveByValueRelativeRankRange: Remove<'list', RelativeFrom>
  listRemoveByIndex: Remove<'list', [index: Int]>
  listRemoveByIndexRange: Remove<'list', From>
  listRemoveByRank: Remove<'list', [rank: Int]>
  listRemoveByRankRange: Remove<'list', From>

  // ---- maps
  mapSize(on: E<'list' | 'map'>, options?: CallContext): E<'int'>
  /** The keys, as a list. Servers from 8.1.1. */
  mapKeys(on: E<'map'>): E<'list'>
  /** The values, as a list. Servers from 8.1.1. */
  mapValues(on: E<'map'>): E<'list'>
  mapGetByKey: GetOne<'map', [key: AnyArg]>
  mapGetByIndex: GetOne<'map', [index: Int]>
  mapGetByRank: GetOne<'map', [rank: Int]>
  mapGetByKeyRange: GetMany<'map', Range>
  mapGetByKeyList: GetMany<'map', [keys: Arg<'list'>]>
  mapGetByKeyRelativeIndexRange: GetMany<'map', RelativeFrom>
  mapGetByValue: GetMany<'map', [value: AnyArg]>
  mapGetByValueRange: GetMany<'map', Range>
  mapGetByValueList: GetMany<'map', [values: Arg<'list'>]>
  mapGetByValueRelativeRankRange: GetMany<'map', RelativeFrom>
  mapGetByIndexRange: GetMany<'map', From>
  mapGetByRankRange: GetMany<'map', From>
  mapPut: MapChange<[key: AnyArg, value: AnyArg]>
  mapPutItems: MapChange<[entries: E<'map'>]>
  mapIncrement: MapChange<[key: AnyArg, by: Arg<'int'> | Arg<'float'>]>
  mapClear: Change<'map', []>
  mapRemoveByKey: Remove<'map', [key: AnyArg]>
  mapRemoveByKeyList: Remove<'map', [keys: Arg<'list'>]>
  mapRemoveByKeyRange: Remove<'map', Range>
  mapRemoveByKeyRelativeIndexRange: Remove<'map', RelativeFrom>
  mapRemoveByValue: Remove<'map', [value: AnyArg]>
  mapRemoveByValueList: Remove<'map', [values: Arg<'list'>]>
  mapRemoveByValueRange: Remove<'map', Range>
  mapRemoveByValueRelativeRankRange: Remove<'map', RelativeFrom>
  mapRemoveByIndex: Remove<'map', [index: Int]>
  mapRemoveByIndexRange: Remove<'map', From>
  mapRemoveByRank: Remove<'map', [rank: Int]>
  mapRemoveByRankRange: Remove<'map', From>

  // ---- bits: offsets and sizes in bits
  bitResize(on: E<'blob'>, byteSize: Int, options?: BitResizeOptions): E<'blob'>
  bitInsert(on: E<'blob'>, byteOffset: Int, bytes: Arg<'blob'>, options?: BitWriteOptions): E<'blob'>
  bitRemove(on: E<'blob'>, byteOffset: Int, byteSize: Int, options?: BitWriteOptions): E<'blob'>
  bitSet: BitsWith
  bitOr: BitsWith
  bitXor: BitsWith
  bitAnd: BitsWith
  bitNot(on: E<'blob'>, offset: Int, size: Int, options?: BitWriteOptions): E<'blob'>
  bitLshift(on: E<'blob'>, offset: Int, size: Int, shift: Int, options?: BitWriteOptions): E<'blob'>
  bitRshift(on: E<'blob'>, offset: Int, size: Int, shift: Int, options?: BitWriteOptions): E<'blob'>
  bitAdd: BitsPlus
  bitSubtract: BitsPlus
  bitSetInt(on: E<'blob'>, offset: Int, size: Int, value: Int, options?: BitWriteOptions): E<'blob'>
  bitGet(on: E<'blob'>, offset: Int, size: Int): E<'blob'>
  bitCount(on: E<'blob'>, offset: Int, size: Int): E<'int'>
  /** Where, counted from `offset`, the first bit of that value is; -1 when there is none. */
  bitLscan(on: E<'blob'>, offset: Int, size: Int, value: Arg<'bool'>): E<'int'>
  /** Where, counted from `offset`, the last bit of that value is; -1 when there is none. */
  bitRscan(on: E<'blob'>, offset: Int, size: Int, value: Arg<'bool'>): E<'int'>
  bitGetInt(on: E<'blob'>, offset: Int, size: Int, options?: { readonly signed?: boolean }): E<'int'>

  // ---- HyperLogLogs: bits that are left out are those of what the call is made on
  hllInit(on: E<'hll'>, indexBits: Int, minHashBits?: Int, options?: HllWriteOptions): E<'hll'>
  hllAdd(
    on: E<'hll'>,
    values: Arg<'list'>,
    indexBits?: Int,
    minHashBits?: Int,
    options?: HllWriteOptions,
  ): E<'hll'>
  hllSetUnion(on: E<'hll'>, others: Anything, options?: HllWriteOptions): E<'hll'>
  /** With fewer index bits. Not with minhash bits. */
  hllFold(on: E<'hll'>, indexBits: Int): E<'hll'>
  /** With the count that is kept brought up to date. */
  hllRefreshCount(on: E<'hll'>): E<'hll'>
  hllGetCount(on: E<'hll'>): E<'int'>
  hllGetUnion(on: E<'hll'>, others: Anything): E<'hll'>
  hllGetUnionCount(on: E<'hll'>, others: Anything): E<'int'>
  hllGetIntersectCount(on: E<'hll'>, others: Anything): E<'int'>
  hllGetSimilarity(on: E<'hll'>, others: Anything): E<'float'>
  hllDescribe(on: E<'hll'>): E<'list'>
  hllMayContain(on: E<'hll'>, values: Arg<'list'>): E<'int'>

  // ---- paths: servers from 8.1.1
  intLoopVar: LoopVar<'int'>
  floatLoopVar: LoopVar<'float'>
  stringLoopVar: LoopVar<'string'>
  boolLoopVar: LoopVar<'bool'>
  blobLoopVar: LoopVar<'blob'>
  geoLoopVar: LoopVar<'geo'>
  listLoopVar: LoopVar<'list'>
  mapLoopVar: LoopVar<'map'>
  hllLoopVar: LoopVar<'hll'>
  /** As a modification by path: removes the element. */
  removeResult(): E<never>
  /** What a path leads to. `what`: `tree` (default), `value`, `key`, `keyValue`. */
  selectByPath<R extends T>(on: E, type: R, path: readonly PathStep[], options?: SelectOptions): E<R>
  /** The value with everything that a path leads to replaced by the result of an expression. */
  modifyByPath<R extends T>(
    on: E<R>,
    type: R,
    path: readonly PathStep[],
    modify: E,
    options?: Pick<SelectOptions, 'noFail'>,
  ): E<R>

  // ---- what an expression is to others
  /** An expression as text for people, in logs and messages: `ge(int("age"), 18)`. Nothing reads it back. */
  print(expression: E): string
  /** The bytes that servers and other clients know an expression by. */
  toBytes(expression: E): Uint8Array
  /** The expression that such bytes hold, whoever wrote them. @throws UsageError when they hold none. */
  fromBytes(bytes: Uint8Array): E
}

/** What a selection by path gives. */
export interface SelectOptions {
  readonly what?: 'tree' | 'value' | 'key' | 'keyValue'
  /** What a step does not find is passed over. */
  readonly noFail?: boolean
}
