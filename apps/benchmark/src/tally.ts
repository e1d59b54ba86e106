/** Notes which records of a known number were given, and whether each was given once. */
export class Tally {
  readonly #seen: Uint8Array
  /** Records given a second time, and ones that were never written. */
  repeated = 0
  unknown = 0
  /** Different records given. */
  found = 0

  /** @param seen what an earlier tally has noted: see {@link bytes} */
  constructor(records: number, seen?: Uint8Array) {
    this.#seen = new Uint8Array(records)
    if (seen === undefined) return
    this.#seen.set(seen)
    for (const count of this.#seen) this.found += count
  }

  /** The record with this number, from 0, was given. */
  note(number: unknown): void {
    const count = typeof number === 'number' ? this.#seen[number] : undefined
    if (count === undefined) this.unknown++
    else if (count > 0) this.repeated++
    else {
      this.#seen[number as number] = 1
      this.found++
    }
  }

  /** One byte for each record. */
  get bytes(): Uint8Array {
    return this.#seen
  }

  /** Records that were not given. */
  get missing(): number {
    return this.#seen.length - this.found
  }

  /** All were given, each once, and no others. */
  get isExact(): boolean {
    return this.missing === 0 && this.repeated === 0 && this.unknown === 0
  }

  toString(): string {
    const { found, missing, repeated, unknown } = this
    return `${found.toLocaleString('en')} records once, ${missing} missing, ${repeated} repeated, ${unknown} unknown`
  }
}
