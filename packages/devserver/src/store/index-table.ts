/** What of a bin's value an index holds. The numbers are the protocol's. */
export const INDEX_TYPE = { default: 0, list: 1, mapkeys: 2, mapvalues: 3, set: 4 } as const

export type IndexTypeName = keyof typeof INDEX_TYPE

/** What an index is about. Two with the same definition are one index. */
export interface IndexDefinition {
  /** `undefined`: all records of the namespace. */
  readonly set: string | undefined
  /** Empty for an index of a set. */
  readonly bin: string
  /** Particle type of the values it holds. */
  readonly valueType: number
  readonly type: IndexTypeName
  /** The packed way to the value inside the bin's list or map, in Base64; `undefined`: the bin itself. */
  readonly context: string | undefined
}

export interface SecondaryIndex extends IndexDefinition {
  readonly name: string
}

/**
 * The secondary indexes of a namespace. They are definitions only: a query looks at the records themselves, so an index is
 * built the moment it is created and can never lag behind a write.
 */
export class IndexTable {
  readonly #indexes = new Map<string, SecondaryIndex>()

  /**
   * Creates an index. A definition that is there already under another name gets the new one; `false`: the name is taken by
   * an index with another definition.
   */
  create(index: SecondaryIndex): boolean {
    const sameName = this.#indexes.get(index.name)
    if (sameName !== undefined) return isSameDefinition(sameName, index)
    const sameDefinition = this.findByDefinition(index)
    if (sameDefinition !== undefined) this.#indexes.delete(sameDefinition.name)
    this.#indexes.set(index.name, index)
    return true
  }

  delete(name: string): void {
    this.#indexes.delete(name)
  }

  findByName(name: string): SecondaryIndex | undefined {
    return this.#indexes.get(name)
  }

  findByDefinition(definition: IndexDefinition): SecondaryIndex | undefined {
    return this.list().find((index) => isSameDefinition(index, definition))
  }

  list(): SecondaryIndex[] {
    return [...this.#indexes.values()]
  }
}

function isSameDefinition(a: IndexDefinition, b: IndexDefinition): boolean {
  return (
    a.set === b.set &&
    a.bin === b.bin &&
    a.valueType === b.valueType &&
    a.type === b.type &&
    a.context === b.context
  )
}
