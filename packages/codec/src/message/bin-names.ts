import { readUtf8 } from '../wire/text.ts'

/** Positions of a record that are predicted; what lies beyond still goes through the cache. */
export const PREDICTED_NAMES = 64
/** Entries of the cache behind the prediction: a power of two. */
const CACHED = 1024
/** Longer names than the server knows are decoded each time. */
const LONGEST = 15

/** So many records in a row with the names predicted are reason enough to keep their shape. */
const SHAPED_AFTER = 16

/** An object with the bins of a record and no values. */
export type RecordShape = { readonly [bin: string]: undefined }

interface Name {
  readonly text: string
  readonly bytes: Uint8Array
}

/**
 * Turns the bytes of bin names into strings, nearly always without making one: records of one set have the same bins in the
 * same order, so the name at a position is compared with the name the previous record had there. That takes about a tenth
 * of decoding, and yields the same string object each time, which keeps the shapes of records alike.
 *
 * Keep one per cluster or larger; it is bounded (64 positions, 1024 names) whatever a server sends.
 */
export class BinNames {
  readonly #predicted: (Name | undefined)[] = new Array<Name | undefined>(PREDICTED_NAMES).fill(undefined)
  /** For each position how often its name occurs before it; right below {@link #counted}. */
  readonly #repeats: Uint8Array = new Uint8Array(PREDICTED_NAMES)
  #counted = 0
  /** How often a name was not the one predicted. */
  changes = 0
  /** By number of bins; `null` where there cannot be one. */
  #shapes: (RecordShape | null | undefined)[] = []
  /** Shapes asked for since the last change. */
  #asked = 0
  readonly #cache: (Name | undefined)[] = new Array<Name | undefined>(CACHED).fill(undefined)

  /**
   * The name in `bytes[start … start + length)`, which belongs to the record's operation number `position`.
   * Operations of a record must be asked for in order, from 0.
   */
  read(position: number, bytes: Uint8Array, start: number, length: number): string {
    if (position < PREDICTED_NAMES) {
      const predicted = this.#predicted[position]
      if (predicted !== undefined && isSame(predicted.bytes, bytes, start, length)) return predicted.text
      return this.#mispredicted(position, bytes, start, length)
    }
    return this.#look(bytes, start, length).text
  }

  /**
   * How often the name that {@link read} just gave for `position` occurred before in the same record. Only for positions
   * below {@link PREDICTED_NAMES}.
   */
  repeats(position: number): number {
    return position < this.#counted ? (this.#repeats[position] as number) : this.#count(position)
  }

  #mispredicted(position: number, bytes: Uint8Array, start: number, length: number): string {
    const name = this.#look(bytes, start, length)
    this.#predicted[position] = name
    this.changes++
    this.#asked = 0
    if (this.#shapes.length > 0) this.#shapes = []
    if (this.#counted > position) this.#counted = position
    return name.text
  }

  /** The name predicted for a position below {@link PREDICTED_NAMES} that was read. */
  at(position: number): string {
    return (this.#predicted[position] as Name).text
  }

  /**
   * What a record of `count` bins is likely to look like: a copy of it, filled in, takes half the time of an object that grows bin by
   * bin (measured for ten: 147 against 312 ns). `undefined` when that is not known, and where a bin comes more than once.
   */
  shape(count: number): RecordShape | undefined {
    const shape = this.#shapes[count]
    if (shape !== undefined) return shape ?? undefined
    if (count > PREDICTED_NAMES || ++this.#asked < SHAPED_AFTER) return undefined
    const made = this.#makeShape(count)
    this.#shapes[count] = made
    return made ?? undefined
  }

  #makeShape(count: number): RecordShape | null {
    const shape: { [bin: string]: undefined } = {}
    for (let position = 0; position < count; position++) {
      const name = this.#predicted[position]?.text
      if (name === undefined || name === '__proto__' || Object.hasOwn(shape, name)) return null
      shape[name] = undefined
    }
    return shape
  }

  #count(position: number): number {
    const name = this.#predicted[position]?.text
    let repeats = 0
    for (let index = 0; index < position; index++) if (this.#predicted[index]?.text === name) repeats++
    this.#repeats[position] = repeats
    if (this.#counted === position) this.#counted = position + 1
    return repeats
  }

  #look(bytes: Uint8Array, start: number, length: number): Name {
    if (length > LONGEST)
      return { text: readUtf8(bytes, start, length), bytes: bytes.slice(start, start + length) }
    let hash = length
    for (let index = 0; index < length; index++)
      hash = (Math.imul(hash, 31) + (bytes[start + index] as number)) | 0
    const slot = (hash ^ (hash >>> 10)) & (CACHED - 1)
    const cached = this.#cache[slot]
    if (cached !== undefined && isSame(cached.bytes, bytes, start, length)) return cached
    const text = internalized(readUtf8(bytes, start, length))
    const name: Name = { text, bytes: bytes.slice(start, start + length) }
    this.#cache[slot] = name
    return name
  }
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (known.length !== length) return false
  for (let index = 0; index < length; index++) if (known[index] !== bytes[start + index]) return false
  return true
}

/** The same text as the engine's own copy, the one that property look-ups compare by address. */
function internalized(text: string): string {
  for (const name of Object.keys({ [text]: 0 })) return name
  return text
}
