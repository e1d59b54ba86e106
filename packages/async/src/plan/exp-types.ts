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
export interface ExpCallOptions {
  readonly context?: readonly PathStep[]
}

/** What a call on several elements gives. */
export interface ExpManyOptions<R extends MapReturn> extends ExpCallOptions {
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
  ...rest: [...A, options?: ExpManyOptions<R>]
) => E<ManyResult<R>>

interface GetOne<On extends T, A extends readonly unknown[]> {
  <V extends T>(
    on: E<On | 'list' | 'map'>,
    ...rest: [...A, options: ExpCallOptions & { readonly type: V; readonly returns?: 'value' | 'key' }]
  ): E<V>
  <R extends Exclude<MapReturn, 'value' | 'key'>>(
    on: E<On | 'list' | 'map'>,
    ...rest: [...A, options: ExpCallOptions & { readonly returns: R }]
  ): E<AboutOne<R>>
}

/** With a context, a list may lie in a map and a map in a list: what comes back is what the call was made on. */
type Remove<On extends T, A extends readonly unknown[]> = <C extends On | 'list' | 'map'>(
  on: E<C>,
  ...rest: [...A, options?: ExpCallOptions & { readonly inverted?: boolean }]
) => E<C>
type Change<On extends T, A extends readonly unknown[], O = ExpCallOptions> = <C extends On | 'list' | 'map'>(
  on: E<C>,
  ...rest: [...A, options?: O]
) => E<C>
type ListChange<A extends readonly unknown[]> = Change<
  'list',
  A,
  ExpCallOptions & ListWriteItemsOptions & { readonly order?: 'unordered' | 'ordered' }
>
type MapChange<A extends readonly unknown[]> = Change<'map', A, ExpCallOptions & ExpMapWriteOptions>

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
  /** An integer. @throws UsageError for a number that is not whole or not exact. */
  intVal(value: number | bigint): E<'int'>
  /** A double, whole or not. */
  floatVal(value: number | Double): E<'float'>
  /** A text. */
  stringVal(value: string): E<'string'>
  /** True or false. */
  boolVal(value: boolean): E<'bool'>
  /** Bytes. */
  blobVal(value: Uint8Array): E<'blob'>
  /** A geometry, from GeoJSON text or an object. */
  geoVal(value: string | object): E<'geo'>
  /** A list. */
  listVal(value: readonly Value[]): E<'list'>
  /** A map; as an argument it has to be said this way. */
  mapVal(value: Literals['map']): E<'map'>
  /** A HyperLogLog. */
  hllVal(value: HyperLogLog): E<'hll'>
  /** Nothing: what a list or map holds as nil. */
  nil(): E<'nil'>
  /** Higher than every value; in ranges of calls. */
  infinity(): E
  /** Equal to every value; in comparisons of calls. */
  wildcard(): E
  /** A value of whatever type it has. */
  val(value: Value): E

  // ---- bins: unknown when they are not there or hold another type
  /** A bin that holds an integer. */
  intBin: BinOf<'int'>
  /** A bin that holds a double. */
  floatBin: BinOf<'float'>
  /** A bin that holds a text. */
  stringBin: BinOf<'string'>
  /** A bin that holds true or false. */
  boolBin: BinOf<'bool'>
  /** A bin that holds bytes. */
  blobBin: BinOf<'blob'>
  /** A bin that holds a geometry. */
  geoBin: BinOf<'geo'>
  /** A bin that holds a list. */
  listBin: BinOf<'list'>
  /** A bin that holds a map. */
  mapBin: BinOf<'map'>
  /** A bin that holds a HyperLogLog. */
  hllBin: BinOf<'hll'>
  /** Whether the bin is there, whatever it holds. */
  binExists: BinOf<'bool'>
  /** The particle type of a bin; 0 when it is not there. */
  binType: BinOf<'int'>

  // ---- the record
  /** The key the record was written with, if it was sent along. */
  key<R extends 'int' | 'string' | 'blob'>(type: R): E<R>
  /** Whether the key was sent along when the record was written. */
  keyExists(): E<'bool'>
  /** The name of the set; empty for none. */
  setName(): E<'string'>
  /** Bytes on the device; 0 for a namespace in memory. Deprecated by servers: take {@link recordSize}. */
  deviceSize(): E<'int'>
  /** Bytes in memory; 0 for a namespace on a device. Deprecated by servers: take {@link recordSize}. */
  memorySize(): E<'int'>
  /** Bytes of the record, wherever it is stored. */
  recordSize(): E<'int'>
  /** Nanoseconds since 1970. */
  lastUpdate(): E<'int'>
  /** Milliseconds. */
  sinceUpdate(): E<'int'>
  /** Nanoseconds since 1970; -1: never expires. */
  voidTime(): E<'int'>
  /** Seconds; -1: never expires. */
  ttl(): E<'int'>
  /** Whether the record was deleted durably; only where tombstones are looked at. */
  isTombstone(): E<'bool'>
  /** The digest as a number, modulo another. */
  digestModulo(modulo: number): E<'int'>

  // ---- comparisons and logic
  /** Whether both are equal. */
  eq: Comparison
  /** Whether they are not equal. */
  ne: Comparison
  /** Whether the first is larger. */
  gt: Comparison
  /** Whether the first is larger or equal. */
  ge: Comparison
  /** Whether the first is smaller. */
  lt: Comparison
  /** Whether the first is smaller or equal. */
  le: Comparison
  /** Whether all of them hold; two at least. */
  and: Variadic<'bool'>
  /** Whether one of them holds; two at least. */
  or: Variadic<'bool'>
  /** Exactly one of them holds. */
  exclusive: Variadic<'bool'>
  /** Another name of {@link exclusive}. */
  xor: Variadic<'bool'>
  /** Whether it does not hold. */
  not: OneArg<'bool', 'bool'>
  /** Whether a value is in a list. Servers from 8.1.1. */
  inList(value: AnyArg, list: Arg<'list'>): E<'bool'>
  /** Whether a POSIX regular expression is found in a text. A number as `options` is the flags of regcomp(3). */
  regexCompare(pattern: string, options: RegexOptions | number, text: Arg<'string'>): E<'bool'>
  /** Whether a point lies in a region. */
  geoCompare(left: Arg<'geo'>, right: Arg<'geo'>): E<'bool'>

  // ---- numbers
  /** The sum. */
  numAdd: Arithmetic
  /** The first less the others; of one alone, its negative. */
  numSub: Arithmetic
  /** The product. */
  numMul: Arithmetic
  /** The first divided by the others; integers are cut off towards 0. */
  numDiv: Arithmetic
  /** The smallest. */
  min: Arithmetic
  /** The largest. */
  max: Arithmetic
  /** What is left of a division; it has the sign of the number. */
  numMod(number: Int, by: Int): E<'int'>
  /** The base to the power of the exponent. */
  numPow(base: Arg<'float'>, exponent: Arg<'float'>): E<'float'>
  /** The logarithm to that base. */
  numLog(number: Arg<'float'>, base: Arg<'float'>): E<'float'>
  /** Without the sign. */
  numAbs<R extends Numeric>(number: E<R>): E<R>
  /** The next whole number below. */
  numFloor: OneArg<'float', 'float'>
  /** The next whole number above. */
  numCeil: OneArg<'float', 'float'>
  /** Cut off towards 0. */
  toInt: OneArg<'float', 'int'>
  /** The same as a double. */
  toFloat: OneArg<'int', 'float'>
  /** Bits that are 1 in all of them. */
  intAnd: Variadic<'int'>
  /** Bits that are 1 in one of them. */
  intOr: Variadic<'int'>
  /** Bits that are 1 in an odd number of them. */
  intXor: Variadic<'int'>
  /** All bits inverted. */
  intNot: OneArg<'int', 'int'>
  /** Shifts bits to the left, zeros in from the right. */
  intLshift(number: Int, by: Int): E<'int'>
  /** Shifts zeros in from the left. */
  intRshift(number: Int, by: Int): E<'int'>
  /** Keeps the sign. */
  intArshift(number: Int, by: Int): E<'int'>
  /** How many bits are 1. */
  intCount: OneArg<'int', 'int'>
  /** Where, from the left and 0, the first bit of that value is; -1 when there is none. */
  intLscan(number: Int, bit: Arg<'bool'>): E<'int'>
  /** Where, from the left and 0, the last bit of that value is; -1 when there is none. */
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
  /** Cannot be evaluated: a condition is not met, a computed bin fails. */
  unknown(): E<never>

  // ---- lists
  /** The number of elements. */
  listSize(on: E<'list' | 'map'>, options?: ExpCallOptions): E<'int'>
  /** The element at an index. */
  listGetByIndex: GetOne<'list', [index: Int]>
  /** The element of a rank; 0 is the smallest. */
  listGetByRank: GetOne<'list', [rank: Int]>
  /** All elements equal to a value. */
  listGetByValue: GetMany<'list', [value: AnyArg]>
  /** Elements from `begin` on that come before `end`; `undefined` leaves an end open. */
  listGetByValueRange: GetMany<'list', Range>
  /** Elements equal to one of the values. */
  listGetByValueList: GetMany<'list', [values: Arg<'list'>]>
  /** Elements from a rank on, counted from where a value is or would be. */
  listGetByValueRelativeRankRange: GetMany<'list', RelativeFrom>
  /** Elements from an index on. */
  listGetByIndexRange: GetMany<'list', From>
  /** Elements from a rank on. */
  listGetByRankRange: GetMany<'list', From>
  /** The list with a value at its end, or in its place when the list is ordered. */
  listAppend: ListChange<[value: AnyArg]>
  /** {@link listAppend} of several values. */
  listAppendItems: ListChange<[values: Arg<'list'>]>
  /** The list with a value before the one at an index. */
  listInsert: ListChange<[index: Int, value: AnyArg]>
  /** {@link listInsert} of several values. */
  listInsertItems: ListChange<[index: Int, values: Arg<'list'>]>
  /** The list with another element at an index. */
  listSet: ListChange<[index: Int, value: AnyArg]>
  /** The list with a number added to the one at an index. */
  listIncrement: ListChange<[index: Int, by: Arg<'int'> | Arg<'float'>]>
  /** The list without its elements. */
  listClear: Change<'list', []>
  /** The list sorted. */
  listSort: Change<'list', [], ExpCallOptions & ListSortOptions>
  /** The list without elements equal to a value. */
  listRemoveByValue: Remove<'list', [value: AnyArg]>
  /** The list without elements equal to one of the values. */
  listRemoveByValueList: Remove<'list', [values: Arg<'list'>]>
  /** The list without elements from `begin` on that come before `end`. */
  listRemoveByValueRange: Remove<'list', Range>
  /** The list without elements from a rank on, counted from where a value is or would be. */
  listRemoveByValueRelativeRankRange: Remove<'list', RelativeFrom>
  /** The list without the element at an index. */
  listRemoveByIndex: Remove<'list', [index: Int]>
  /** The list without elements from an index on. */
  listRemoveByIndexRange: Remove<'list', From>
  /** The list without the element of a rank. */
  listRemoveByRank: Remove<'list', [rank: Int]>
  /** The list without elements from a rank on. */
  listRemoveByRankRange: Remove<'list', From>

  // ---- maps
  /** The number of entries. */
  mapSize(on: E<'list' | 'map'>, options?: ExpCallOptions): E<'int'>
  /** The keys, as a list. Servers from 8.1.1. */
  mapKeys(on: E<'map'>): E<'list'>
  /** The values, as a list. Servers from 8.1.1. */
  mapValues(on: E<'map'>): E<'list'>
  /** The entry of a key. */
  mapGetByKey: GetOne<'map', [key: AnyArg]>
  /** The entry at an index in the order of the keys. */
  mapGetByIndex: GetOne<'map', [index: Int]>
  /** The entry of a rank in the order of the values. */
  mapGetByRank: GetOne<'map', [rank: Int]>
  /** Entries with keys from `begin` on that come before `end`; `undefined` leaves an end open. */
  mapGetByKeyRange: GetMany<'map', Range>
  /** The entries of these keys. */
  mapGetByKeyList: GetMany<'map', [keys: Arg<'list'>]>
  /** Entries from an index on, counted from where a key is or would be. */
  mapGetByKeyRelativeIndexRange: GetMany<'map', RelativeFrom>
  /** All entries with a value. */
  mapGetByValue: GetMany<'map', [value: AnyArg]>
  /** Entries with values from `begin` on that come before `end`; `undefined` leaves an end open. */
  mapGetByValueRange: GetMany<'map', Range>
  /** Entries with one of the values. */
  mapGetByValueList: GetMany<'map', [values: Arg<'list'>]>
  /** Entries from a rank on, counted from where a value is or would be. */
  mapGetByValueRelativeRankRange: GetMany<'map', RelativeFrom>
  /** Entries from an index on. */
  mapGetByIndexRange: GetMany<'map', From>
  /** Entries from a rank on. */
  mapGetByRankRange: GetMany<'map', From>
  /** The map with an entry set. */
  mapPut: MapChange<[key: AnyArg, value: AnyArg]>
  /** The map with entries set. */
  mapPutItems: MapChange<[entries: E<'map'>]>
  /** The map with a number added to that of a key. */
  mapIncrement: MapChange<[key: AnyArg, by: Arg<'int'> | Arg<'float'>]>
  /** The map without its entries. */
  mapClear: Change<'map', []>
  /** The map without the entry of a key. */
  mapRemoveByKey: Remove<'map', [key: AnyArg]>
  /** The map without the entries of these keys. */
  mapRemoveByKeyList: Remove<'map', [keys: Arg<'list'>]>
  /** The map without entries with keys from `begin` on that come before `end`. */
  mapRemoveByKeyRange: Remove<'map', Range>
  /** The map without entries from an index on, counted from where a key is or would be. */
  mapRemoveByKeyRelativeIndexRange: Remove<'map', RelativeFrom>
  /** The map without entries with a value. */
  mapRemoveByValue: Remove<'map', [value: AnyArg]>
  /** The map without entries with one of the values. */
  mapRemoveByValueList: Remove<'map', [values: Arg<'list'>]>
  /** The map without entries with values from `begin` on that come before `end`. */
  mapRemoveByValueRange: Remove<'map', Range>
  /** The map without entries from a rank on, counted from where a value is or would be. */
  mapRemoveByValueRelativeRankRange: Remove<'map', RelativeFrom>
  /** The map without the entry at an index. */
  mapRemoveByIndex: Remove<'map', [index: Int]>
  /** The map without entries from an index on. */
  mapRemoveByIndexRange: Remove<'map', From>
  /** The map without the entry of a rank. */
  mapRemoveByRank: Remove<'map', [rank: Int]>
  /** The map without entries from a rank on. */
  mapRemoveByRankRange: Remove<'map', From>

  // ---- bits: offsets and sizes in bits
  /** The bytes, more or fewer of them; new ones are 0. */
  bitResize(on: E<'blob'>, byteSize: Int, options?: BitResizeOptions): E<'blob'>
  /** The bytes with others inserted at a byte. */
  bitInsert(on: E<'blob'>, byteOffset: Int, bytes: Arg<'blob'>, options?: BitWriteOptions): E<'blob'>
  /** The bytes without some of them. */
  bitRemove(on: E<'blob'>, byteOffset: Int, byteSize: Int, options?: BitWriteOptions): E<'blob'>
  /** The bytes with bits replaced by the first ones of others. */
  bitSet: BitsWith
  /** The bytes with bits combined with those of others by OR. */
  bitOr: BitsWith
  /** The bytes with bits combined with those of others by exclusive OR. */
  bitXor: BitsWith
  /** The bytes with bits combined with those of others by AND. */
  bitAnd: BitsWith
  /** The bytes with bits inverted. */
  bitNot(on: E<'blob'>, offset: Int, size: Int, options?: BitWriteOptions): E<'blob'>
  /** The bytes with bits shifted to the left, zeros in from the right. */
  bitLshift(on: E<'blob'>, offset: Int, size: Int, shift: Int, options?: BitWriteOptions): E<'blob'>
  /** The bytes with bits shifted to the right, zeros in from the left. */
  bitRshift(on: E<'blob'>, offset: Int, size: Int, shift: Int, options?: BitWriteOptions): E<'blob'>
  /** The bytes with a value added to the number that some bits are, of at most 64. */
  bitAdd: BitsPlus
  /** The bytes with a value subtracted from the number that some bits are, of at most 64. */
  bitSubtract: BitsPlus
  /** The bytes with a number written into at most 64 bits. */
  bitSetInt(on: E<'blob'>, offset: Int, size: Int, value: Int, options?: BitWriteOptions): E<'blob'>
  /** Bits as bytes, the first bit the highest of the first byte. */
  bitGet(on: E<'blob'>, offset: Int, size: Int): E<'blob'>
  /** How many bits are 1. */
  bitCount(on: E<'blob'>, offset: Int, size: Int): E<'int'>
  /** Where, counted from `offset`, the first bit of that value is; -1 when there is none. */
  bitLscan(on: E<'blob'>, offset: Int, size: Int, value: Arg<'bool'>): E<'int'>
  /** Where, counted from `offset`, the last bit of that value is; -1 when there is none. */
  bitRscan(on: E<'blob'>, offset: Int, size: Int, value: Arg<'bool'>): E<'int'>
  /** At most 64 bits as a number. */
  bitGetInt(on: E<'blob'>, offset: Int, size: Int, options?: { readonly signed?: boolean }): E<'int'>

  // ---- HyperLogLogs: bits that are left out are those of what the call is made on
  /** An empty HyperLogLog of so many bits. */
  hllInit(on: E<'hll'>, indexBits: Int, minHashBits?: Int, options?: HllWriteOptions): E<'hll'>
  /** The HyperLogLog with values added. */
  hllAdd(
    on: E<'hll'>,
    values: Arg<'list'>,
    indexBits?: Int,
    minHashBits?: Int,
    options?: HllWriteOptions,
  ): E<'hll'>
  /** The union, in the bits of the HyperLogLog. */
  hllSetUnion(on: E<'hll'>, others: Anything, options?: HllWriteOptions): E<'hll'>
  /** With fewer index bits. Not with minhash bits. */
  hllFold(on: E<'hll'>, indexBits: Int): E<'hll'>
  /** With the count that is kept brought up to date. */
  hllRefreshCount(on: E<'hll'>): E<'hll'>
  /** The estimated number of different values. */
  hllGetCount(on: E<'hll'>): E<'int'>
  /** The union with others. */
  hllGetUnion(on: E<'hll'>, others: Anything): E<'hll'>
  /** The estimated number of different values in the union with others. */
  hllGetUnionCount(on: E<'hll'>, others: Anything): E<'int'>
  /** The estimated number of values in common with all others. */
  hllGetIntersectCount(on: E<'hll'>, others: Anything): E<'int'>
  /** The estimated share, 0 to 1, of values in common with all others. */
  hllGetSimilarity(on: E<'hll'>, others: Anything): E<'float'>
  /** The index bits and the minhash bits, as a list of two. */
  hllDescribe(on: E<'hll'>): E<'list'>
  /** 1 when all values may have been added, 0 when one was certainly not. */
  hllMayContain(on: E<'hll'>, values: Arg<'list'>): E<'int'>

  // ---- paths: servers from 8.1.1
  /** What a path has come to: the value, key or index, which is an integer. */
  intLoopVar: LoopVar<'int'>
  /** What a path has come to: the value, key or index, which is a double. */
  floatLoopVar: LoopVar<'float'>
  /** What a path has come to: the value, key or index, which is a text. */
  stringLoopVar: LoopVar<'string'>
  /** What a path has come to: the value, key or index, which is true or false. */
  boolLoopVar: LoopVar<'bool'>
  /** What a path has come to: the value, key or index, which is bytes. */
  blobLoopVar: LoopVar<'blob'>
  /** What a path has come to: the value, key or index, which is a geometry. */
  geoLoopVar: LoopVar<'geo'>
  /** What a path has come to: the value, key or index, which is a list. */
  listLoopVar: LoopVar<'list'>
  /** What a path has come to: the value, key or index, which is a map. */
  mapLoopVar: LoopVar<'map'>
  /** What a path has come to: the value, key or index, which is a HyperLogLog. */
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
