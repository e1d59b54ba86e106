import type { Double, GeoJson, HyperLogLog, SortedMap, Value } from '@aero/codec'
import type { BinBuilder, ReadBinBuilder } from './bin-builder.ts'
import type { BinParent } from './bin-parent.ts'
import type { ExpBuilder } from './exp-types.ts'

/*
 * What the type of a data set's bins lets through. Types only: `B` is an object type with a property for each bin, or `unknown`
 * when nothing is known of them, and then everything goes.
 */

/** The name of a bin of `B`; any name when nothing is known of them. */
export type BinName<B> = unknown extends B ? string : Extract<keyof B, string>

/** The kinds of content that operations fit. */
type Kind = 'bool' | 'number' | 'string' | 'blob' | 'list' | 'map' | 'geo' | 'hll'

/** The kinds that a bin of type `V` may hold: several for a union, every one for `unknown`. */
type KindOf<V> = unknown extends V
  ? Kind
  : V extends null | undefined
    ? never
    : V extends boolean
      ? 'bool'
      : V extends number | bigint | Double
        ? 'number'
        : V extends string
          ? 'string'
          : V extends Uint8Array
            ? 'blob'
            : V extends GeoJson
              ? 'geo'
              : V extends HyperLogLog
                ? 'hll'
                : V extends readonly unknown[]
                  ? 'list'
                  : 'map'

/** The name of a bin of `B` that may hold one of these kinds; any name when nothing is known. */
export type BinNameOf<B, K extends Kind> = unknown extends B
  ? string
  : { [N in keyof B]-?: [KindOf<B[N]> & K] extends [never] ? never : N }[keyof B] & string

/** The bins of a row that reads the bins `N` of records with the bins `B`. */
export type BinsPicked<B, N> = unknown extends B
  ? B
  : [Extract<keyof B, string>] extends [N]
    ? B
    : Pick<B, Extract<keyof B, N>>

/** The bins of a row: those that are known, else those that the session reads, `D`. */
export type BinsKnown<B, D> = unknown extends B ? D : B

/** What may be written where a `V` is read: nothing in it needs to be changeable, and a whole double may be one by name. */
export type ToWrite<V> = V extends
  | null
  | undefined
  | boolean
  | bigint
  | string
  | Uint8Array
  | Double
  | GeoJson
  | HyperLogLog
  ? V
  : V extends number
    ? V | Double
    : V extends ReadonlyMap<infer K, infer C>
      ? ReadonlyMap<K, ToWrite<C>> | SortedMap
      : V extends readonly unknown[]
        ? { readonly [I in keyof V]: ToWrite<V[I]> }
        : { readonly [K in keyof V]: ToWrite<V[K]> } | SortedMap

type Removable<V> = undefined extends V ? null : never

/** What may be written to a bin that is read as `V`: `null`, which removes it, only when it may be absent. */
export type BinToWrite<V> = ToWrite<Exclude<V, undefined>> | Removable<V>

/** What may be written to the bin `N` of `B`. */
export type ValueOf<B, N> = unknown extends B ? Value : BinToWrite<B[N & keyof B]>

/** Bins to write to a record with the bins `B`: any of them. */
export type BinsToPut<B> = { readonly [N in keyof B]?: BinToWrite<B[N]> }

type Methods = Extract<keyof BinBuilder<BinParent>, string>

/** The methods of a bin's builder that fit each kind of content. */
interface MethodsFor {
  bool: never
  number: 'add' | 'incrementBy'
  string: 'append' | 'prepend'
  blob: 'append' | 'prepend' | Extract<Methods, `bit${string}`>
  list: 'path' | Extract<Methods, `list${string}` | `onList${string}`>
  map: 'path' | Extract<Methods, `map${string}` | `onMap${string}`>
  geo: 'setToGeoJson'
  hll: Extract<Methods, `hll${string}`>
}
type ForAll = 'get' | 'selectFrom' | 'insertFrom' | 'updateFrom' | 'upsertFrom'
type Fitting<V> = ForAll | MethodsFor[KindOf<V>] | (undefined extends V ? 'remove' : never)

/** The operations on a bin that holds a `V`. `P` is the builder that one comes back to. */
export type TypedBin<P extends BinParent, V> = Pick<BinBuilder<P>, Extract<Methods, Fitting<V>>> & {
  /** Sets the bin; `null` removes it. */
  setTo(value: BinToWrite<V>): P
}

/** The reads of a bin that holds a `V`. */
export type TypedReadBin<P extends BinParent, V> = Pick<
  ReadBinBuilder<P>,
  Extract<keyof ReadBinBuilder<P>, Fitting<V>>
>

/** What `bin(name)` of a write gives. */
export type BinOf<P extends BinParent, B, N> = unknown extends B ? BinBuilder<P> : TypedBin<P, B[N & keyof B]>

/** What `bin(name)` of a query gives. */
export type ReadBinOf<P extends BinParent, B, N> = unknown extends B
  ? ReadBinBuilder<P>
  : TypedReadBin<P, B[N & keyof B]>

/** The kinds of bins that each maker of the builder of expressions reads. */
interface Makers {
  intBin: 'number'
  floatBin: 'number'
  stringBin: 'string'
  boolBin: 'bool'
  blobBin: 'blob'
  geoBin: 'geo'
  listBin: 'list'
  mapBin: 'map'
  hllBin: 'hll'
  binExists: Kind
  binType: Kind
}

/** The builder of expressions over bins of `B`: their names, and what they hold, are checked. */
export type ExpOf<B> = unknown extends B
  ? ExpBuilder
  : Omit<ExpBuilder, keyof Makers> & {
      readonly [M in keyof Makers]: (name: BinNameOf<B, Makers[M]>) => ReturnType<ExpBuilder[M]>
    }
