import { RESULT } from '../result-code.ts'
import type { PackedCall } from './collection-operation.ts'
import { PACKED_KIND, PackedCursor } from './packed-cursor.ts'
import { Refused } from './refused.ts'

/** The arguments of a call on a list or map, as the operation takes them. Everything that does not fit is refused with 4. */
export class CallArguments {
  readonly #args: readonly Uint8Array[]

  /** @param most how many there may be @param least how many there must be */
  constructor({ args }: PackedCall, least: number, most: number) {
    if (args.length < least || args.length > most) throw new Refused(RESULT.parameter)
    this.#args = args
  }

  has(index: number): boolean {
    return index < this.#args.length
  }

  /** An argument as it came. */
  element(index: number): Uint8Array {
    const element = this.#args[index]
    if (element === undefined || element.length === 0) throw new Refused(RESULT.parameter)
    return element
  }

  optional(index: number): Uint8Array | undefined {
    return this.has(index) ? this.element(index) : undefined
  }

  integer(index: number): bigint {
    const cursor = new PackedCursor(this.element(index))
    if (!cursor.next() || cursor.kind !== PACKED_KIND.integer) throw new Refused(RESULT.parameter)
    return BigInt.asIntN(64, cursor.integer)
  }

  index(index: number): number {
    return Number(this.integer(index))
  }

  /** A count; everything that follows when there is none. Negative ones are huge, as for the server. */
  count(index: number): number {
    return Number(this.counted(index))
  }

  /** The same, with all its digits. */
  counted(index: number): bigint {
    return this.has(index) ? BigInt.asUintN(64, this.integer(index)) : 0xffff_ffffn
  }

  flags(index: number): number {
    return this.has(index) ? Number(BigInt.asUintN(32, this.integer(index))) : 0
  }

  /** The elements of a list. */
  list(index: number): Uint8Array[] {
    const element = this.element(index)
    const cursor = new PackedCursor(element)
    if (!cursor.next() || cursor.kind !== PACKED_KIND.list) throw new Refused(RESULT.parameter)
    const elements: Uint8Array[] = []
    for (let left = cursor.count; left > 0; left--) {
      const start = cursor.position
      cursor.skip()
      elements.push(element.subarray(start, cursor.position))
    }
    return elements
  }
}
