import { type Double, type Operation, readOperation, type Value } from '@aero/codec'

/** What {@link BinBuilder} needs of the builder it returns to. */
export interface BinOperations {
  setTo(bin: string, value: Value): unknown
  add(bin: string, amount: number | bigint | Double): unknown
  append(bin: string, value: string | Uint8Array): unknown
  prepend(bin: string, value: string | Uint8Array): unknown
  get(bin: string): unknown
  removeBin(bin: string): unknown
}

/** Operations on one bin of a write. Each returns the builder that it came from. */
export class BinBuilder<Parent extends BinOperations> {
  readonly #parent: Parent
  readonly #bin: string

  constructor(parent: Parent, bin: string) {
    this.#parent = parent
    this.#bin = bin
  }

  /** Sets the bin; `null` removes it. */
  setTo(value: Value): Parent {
    this.#parent.setTo(this.#bin, value)
    return this.#parent
  }

  /** Adds to an integer or double; a missing bin starts at 0. */
  add(amount: number | bigint | Double): Parent {
    this.#parent.add(this.#bin, amount)
    return this.#parent
  }

  /** Another name of {@link add}. */
  incrementBy(amount: number | bigint | Double): Parent {
    return this.add(amount)
  }

  /** Appends to a string or bytes. */
  append(value: string | Uint8Array): Parent {
    this.#parent.append(this.#bin, value)
    return this.#parent
  }

  /** Prepends to a string or bytes. */
  prepend(value: string | Uint8Array): Parent {
    this.#parent.prepend(this.#bin, value)
    return this.#parent
  }

  /** Reads the bin in the same command. */
  get(): Parent {
    this.#parent.get(this.#bin)
    return this.#parent
  }

  /** Removes the bin. */
  remove(): Parent {
    this.#parent.removeBin(this.#bin)
    return this.#parent
  }
}

/** Read operations on one bin of a query. */
export class ReadBinBuilder<Parent> {
  readonly #push: (operation: Operation) => Parent
  readonly #bin: string

  constructor(push: (operation: Operation) => Parent, bin: string) {
    this.#push = push
    this.#bin = bin
  }

  /** Reads the bin. */
  get(): Parent {
    return this.#push(readOperation(this.#bin))
  }
}
