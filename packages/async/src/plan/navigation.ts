import type { Argument, Double, Value } from '@aero/codec'
import type { BinBuilder, ReadBinBuilder } from './bin-builder.ts'
import type { BinParent } from './bin-parent.ts'
import type { ListReturn, MapReturn, MapWriteOptions } from './collection-options.ts'

/*
 * What can be said at each place inside a list or map. One class does it all (selection.ts); these types let through what the
 * place allows: a range leads no further, a list has no keys, a query does not write.
 */

/** What can be asked of selected elements of a list, or entries of a map. `P` is the builder that one comes back to. */
export interface ElementReads<P> {
  /** The values: one for a place that is one element, else a list. */
  getValues(): P
  /** How many. */
  count(): P
  /** Where they stand, from 0; in a map in the order of the keys. */
  getIndexes(): P
  /** Where they stand, from the end: the last is 0. */
  getReverseIndexes(): P
  /** Where they would stand in the order of the values; the smallest is 0. */
  getRanks(): P
  /** Where they would stand in the order of the values; the largest is 0. */
  getReverseRanks(): P
  /** Whether there are any. */
  exists(): P
}

/** What can be asked of selected entries of a map only. */
export interface EntryReads<P> extends ElementReads<P> {
  /** The keys: one for a place that is one entry, else a list. */
  getKeys(): P
  /** The entries as a `Map`, in the order in which they were selected. */
  getKeysAndValues(): P
}

/** The same of all elements that are not selected. */
export interface OtherElementReads<P> {
  /** The values of all others, as a list. */
  getAllOtherValues(): P
  /** How many others there are. */
  countAllOthers(): P
  /** Where all others stand, from 0. */
  getAllOtherIndexes(): P
  /** Where all others stand, from the end: the last is 0. */
  getAllOtherReverseIndexes(): P
  /** Where all others would stand in the order of the values; the smallest is 0. */
  getAllOtherRanks(): P
  /** Where all others would stand in the order of the values; the largest is 0. */
  getAllOtherReverseRanks(): P
}

/** The same of all entries that are not selected. */
export interface OtherEntryReads<P> extends OtherElementReads<P> {
  /** The keys of all others, as a list. */
  getAllOtherKeys(): P
  /** All other entries, as a `Map`. */
  getAllOtherKeysAndValues(): P
}

/** What a removal is told. */
export interface RemoveOptions<R extends MapReturn = MapReturn> {
  /** What the row gives of what went. Default `none`. */
  readonly return?: R
}

/** Removing what is selected. */
export interface Removal<P, R extends MapReturn> {
  /** Removes what is selected. */
  remove(options?: RemoveOptions<R>): P
}

/** Keeping what is selected. */
export interface OtherRemoval<P, R extends MapReturn> {
  /** Removes everything but what is selected. */
  removeAllOthers(options?: RemoveOptions<R>): P
}

/** Writing one element. After anything but a key or an index of a list this needs servers from 8.1.1. */
export interface Setting<P> {
  /** Sets the element. */
  setTo(value: Value): P
  /** Adds to the element, which is a number. */
  add(amount: number | bigint | Double): P
}

/** Writing the entry of one key. */
export interface EntrySetting<P> extends Setting<P> {
  /** Sets the entry; ElementExistsError when it is there. */
  insert(value: Value, options?: MapWriteOptions): P
  /** Sets the entry; ElementNotFoundError when it is not there. */
  update(value: Value, options?: MapWriteOptions): P
  /** Sets the entry. */
  upsert(value: Value, options?: MapWriteOptions): P
}

/** Where steps lead: {@link ReadPlaces} or {@link WritePlaces}. */
export interface Places {
  /** The entry of one key. */
  entry: unknown
  /** One entry by index or rank. */
  mapElement: unknown
  /** All entries with one value. */
  mapValue: unknown
  /** Several entries. */
  mapRange: unknown
  /** One element. */
  listElement: unknown
  /** All elements with one value. */
  listValue: unknown
  /** Several elements. */
  listRange: unknown
}

type Steps =
  | 'onMapKey'
  | 'onMapIndex'
  | 'onMapRank'
  | 'onMapValue'
  | 'onMapKeyRange'
  | 'onMapKeyList'
  | 'onMapKeyRelativeIndexRange'
  | 'onMapIndexRange'
  | 'onMapRankRange'
  | 'onMapValueRange'
  | 'onMapValueList'
  | 'onMapValueRelativeRankRange'
  | 'onListIndex'
  | 'onListRank'
  | 'onListValue'
  | 'onListIndexRange'
  | 'onListRankRange'
  | 'onListValueRange'
  | 'onListValueList'
  | 'onListValueRelativeRankRange'

type NestedReads = Steps | 'mapSize' | 'listSize' | 'listGet' | 'listGetRange'

type NestedWrites =
  | NestedReads
  | 'listAppend'
  | 'listAdd'
  | 'listAppendItems'
  | 'listAddItems'
  | 'listInsert'
  | 'listInsertItems'
  | 'listSet'
  | 'listIncrement'
  | 'listRemove'
  | 'listRemoveRange'
  | 'listPop'
  | 'listPopRange'
  | 'listTrim'
  | 'listClear'
  | 'listSort'
  | 'listCreate'
  | 'listSetOrder'
  | 'mapUpsertItems'
  | 'mapInsertItems'
  | 'mapUpdateItems'
  | 'mapCreate'
  | 'mapSetOrder'
  | 'mapClear'

/** What can be asked of a list or map inside another. */
export interface ReadNested<P extends BinParent> extends Pick<ReadBinBuilder<P>, NestedReads> {}

/** What can be done with a list or map inside another. */
export interface WriteNested<P extends BinParent> extends Pick<BinBuilder<P>, NestedWrites> {}

export interface ReadMapElement<P extends BinParent> extends EntryReads<P>, ReadNested<P> {}
export interface ReadMapValue<P extends BinParent> extends ReadMapElement<P>, OtherEntryReads<P> {}
export interface ReadMapRange<P extends BinParent> extends EntryReads<P>, OtherEntryReads<P> {}
export interface ReadListElement<P extends BinParent> extends ElementReads<P>, ReadNested<P> {}
export interface ReadListValue<P extends BinParent> extends ReadListElement<P>, OtherElementReads<P> {}
export interface ReadListRange<P extends BinParent> extends ElementReads<P>, OtherElementReads<P> {}

/** Where steps of a query lead. */
export interface ReadPlaces<P extends BinParent> extends Places {
  entry: ReadMapElement<P>
  mapElement: ReadMapElement<P>
  mapValue: ReadMapValue<P>
  mapRange: ReadMapRange<P>
  listElement: ReadListElement<P>
  listValue: ReadListValue<P>
  listRange: ReadListRange<P>
}

export interface WriteMapElement<P extends BinParent>
  extends EntryReads<P>,
    WriteNested<P>,
    Setting<P>,
    Removal<P, MapReturn> {}
export interface WriteMapEntry<P extends BinParent> extends WriteMapElement<P>, EntrySetting<P> {}
export interface WriteMapValue<P extends BinParent>
  extends WriteMapElement<P>,
    OtherEntryReads<P>,
    OtherRemoval<P, MapReturn> {}
export interface WriteMapRange<P extends BinParent>
  extends EntryReads<P>,
    OtherEntryReads<P>,
    Removal<P, MapReturn>,
    OtherRemoval<P, MapReturn> {}
export interface WriteListElement<P extends BinParent>
  extends ElementReads<P>,
    WriteNested<P>,
    Setting<P>,
    Removal<P, ListReturn> {}
export interface WriteListValue<P extends BinParent>
  extends WriteListElement<P>,
    OtherElementReads<P>,
    OtherRemoval<P, ListReturn> {}
export interface WriteListRange<P extends BinParent>
  extends ElementReads<P>,
    OtherElementReads<P>,
    Removal<P, ListReturn>,
    OtherRemoval<P, ListReturn> {}

/** Where steps of a write lead. */
export interface WritePlaces<P extends BinParent> extends Places {
  entry: WriteMapEntry<P>
  mapElement: WriteMapElement<P>
  mapValue: WriteMapValue<P>
  mapRange: WriteMapRange<P>
  listElement: WriteListElement<P>
  listValue: WriteListValue<P>
  listRange: WriteListRange<P>
}

/** The end of a range: a value, a bound, or nothing where it is open. */
export type RangeEnd = Argument | undefined
