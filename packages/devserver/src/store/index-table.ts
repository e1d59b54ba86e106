import { buildExpression } from '../evaluate/build.ts'
import type { Expression } from '../evaluate/evaluation.ts'
import { IndexEntries } from './index-entries.ts'

/** What of a bin's value an index holds. The numbers are the protocol's. */
export const INDEX_TYPE = { default: 0, list: 1, mapkeys: 2, mapvalues: 3, set: 4 } as const

export type IndexTypeName = keyof typeof INDEX_TYPE

/** What an index is about. Two with the same definition are one index. */
export interface IndexDefinition {
  /** `undefined`: all records of the namespace. */
  readonly set: string | undefined
  /** Empty for an index of a set or on an expression. */
  readonly bin: string
  /** The packed expression whose value it holds instead of a bin's, in Base64. */
  readonly expression: string | undefined
  /** Particle type of the values it holds. */
  readonly valueType: number
  readonly type: IndexTypeName
  /** The packed way to the value inside the bin's list or map, in Base64; `undefined`: the bin itself. */
  readonly context: string | undefined
}

/** An index as it is asked for. */
export interface NamedDefinition extends IndexDefinition {
  readonly name: string
}

/** An index with what is in it. */
export interface SecondaryIndex extends NamedDefinition {
  readonly entries: IndexEntries
  /** The bin's name and the set's as records have them. */
  readonly binName: Uint8Array
  readonly setName: Uint8Array | undefined
  /** The expression, ready to be evaluated. */
  readonly compute: Expression | undefined
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** When queries can use it, in milliseconds since 1970. */
  readonly readableAt: number
}

/**
 * The secondary indexes of a namespace. Their entries are those of the records at every moment: what is slow about building
 * one is only shown.
 */
export class IndexTable {
  readonly #indexes = new Map<string, SecondaryIndex>()

  /**
   * Creates an index and has it filled. A definition that is there already under another name gets the new one; `false`: the
   * name is taken by an index with another definition.
   */
  create(
    definition: NamedDefinition,
    times: { readonly createdAt: number; readonly readableAt: number },
    fill: (index: SecondaryIndex) => void,
  ): boolean {
    const sameName = this.#indexes.get(definition.name)
    if (sameName !== undefined) return isSameDefinition(sameName, definition)
    const sameDefinition = this.findByDefinition(definition)
    if (sameDefinition !== undefined) {
      this.#indexes.delete(sameDefinition.name)
      this.#indexes.set(definition.name, { ...sameDefinition, name: definition.name })
      return true
    }
    const { bin, set, expression } = definition
    const index: SecondaryIndex = {
      ...definition,
      ...times,
      entries: new IndexEntries(),
      binName: Buffer.from(bin, 'utf8'),
      setName: set === undefined ? undefined : Buffer.from(set, 'utf8'),
      compute: expression === undefined ? undefined : buildExpression(Buffer.from(expression, 'base64')),
    }
    this.#indexes.set(definition.name, index)
    fill(index)
    return true
  }

  /** All of them, to go through at each write. */
  all(): Iterable<SecondaryIndex> {
    return this.#indexes.values()
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
    a.expression === b.expression &&
    a.valueType === b.valueType &&
    a.type === b.type &&
    a.context === b.context
  )
}
