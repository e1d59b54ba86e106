import { PACKED_KIND, PackedCursor } from '../apply/packed-cursor.ts'
import { orResultCode, Refused } from '../apply/refused.ts'
import { RESULT } from '../result-code.ts'
import type { Computed } from './computed.ts'
import type { Evaluation, Expression } from './evaluation.ts'
import { STATIC_TYPE } from './static-type.ts'

/** Builds the expressions of one or some codes: `count` elements follow the code, and the cursor stands before them. */
export type Family = (builder: Builder, code: number, count: number) => Expression

/** What the server keeps of an expression must be smaller. Source: EXP_MAX_SIZE in as/src/base/exp.c. */
const MAX_BUILT_BYTES = 1024 * 1024
/** Expressions nested deeper are refused; the server would go on to where its memory for them ends, at some 100,000. */
const MAX_DEPTH = 1000

/**
 * Bytes that the server keeps of each expression, which add up to what it limits. Source: the op_ structures in exp.c, as
 * they lie in memory on 64 bits.
 */
export const BUILT_BYTES = {
  plain: 8,
  number: 16,
  boolean: 12,
  bytes: 24,
  geoJson: 40,
  regex: 80,
  digestModulo: 12,
  key: 12,
  bin: 24,
  variable: 16,
  cond: 12,
  condCase: 8,
  let: 20,
  call: 344,
} as const

interface Variable {
  readonly name: string
  readonly place: number
  /** `undefined` while it is being defined. */
  type: number | undefined
}

/** Reads a packed expression, checks it as the server does, and makes it ready. Whatever is wrong is refused with 4. */
export class Builder {
  readonly cursor: PackedCursor
  readonly #families: ReadonlyMap<number, Family>
  readonly #literal: (builder: Builder) => Expression
  readonly #variables: Variable[] = []
  #depth = 0
  #size = 0

  constructor(
    bytes: Uint8Array,
    families: ReadonlyMap<number, Family>,
    literal: (builder: Builder) => Expression,
  ) {
    this.cursor = new PackedCursor(bytes)
    this.#families = families
    this.#literal = literal
  }

  /** The expression that takes up all the bytes. */
  whole(): Expression {
    const expression = this.next()
    const isWhole = this.cursor.position === this.cursor.end
    // What can only be compared is no result.
    if (!isWhole || expression.type === STATIC_TYPE.other) this.refuse()
    return expression
  }

  next(): Expression {
    const { cursor } = this
    const start = cursor.position
    if (!cursor.next() || ++this.#depth > MAX_DEPTH) this.refuse()
    if (cursor.kind !== PACKED_KIND.list) {
      cursor.position = start
      this.#depth--
      return this.#literal(this)
    }
    const count = cursor.count - 1
    if (count < 0) this.refuse()
    const code = this.unsigned()
    const family = this.#families.get(code)
    if (family === undefined) this.refuse()
    const expression = family(this, code, count)
    this.#depth--
    return expression
  }

  /** Builds another expression as this one is built; `undefined` when it is none. */
  readonly build = (bytes: Uint8Array): Expression | undefined => {
    const built = orResultCode(() => new Builder(bytes, this.#families, this.#literal).whole())
    return typeof built === 'number' ? undefined : built
  }

  /** The next expression, which has to give this type. */
  nextOf(type: number): Expression {
    const expression = this.next()
    if (expression.type !== type) this.refuse()
    return expression
  }

  refuse(): never {
    throw new Refused(RESULT.parameter)
  }

  /** Begins an expression: checks the number of its elements and counts what it takes. */
  begin(count: number, expected: number, bytes: number = BUILT_BYTES.plain): void {
    if (count !== expected) this.refuse()
    this.count(bytes)
  }

  count(bytes: number): void {
    this.#size += bytes
    if (this.#size >= MAX_BUILT_BYTES) this.refuse()
  }

  integer(): bigint {
    const { cursor } = this
    if (!cursor.next() || cursor.kind !== PACKED_KIND.integer) this.refuse()
    return BigInt.asIntN(64, cursor.integer)
  }

  /** An integer taken without sign; large ones lose their last digits, which no number of the protocol has. */
  unsigned(): number {
    return Number(BigInt.asUintN(64, this.integer()))
  }

  /** Bytes or text, as it stands. */
  raw(): Uint8Array {
    const { cursor } = this
    if (!cursor.next() || !RAW.has(cursor.kind)) this.refuse()
    return cursor.bytes.slice(cursor.start, cursor.start + cursor.length)
  }

  /** One whole element, packed. */
  element(): Uint8Array {
    const { cursor } = this
    const start = cursor.position
    if (!cursor.skip()) this.refuse()
    return cursor.bytes.slice(start, cursor.position)
  }

  /** The kind of the next element, which is not taken. */
  peek(): number {
    const { cursor } = this
    const { position } = cursor
    if (!cursor.next()) this.refuse()
    cursor.position = position
    return cursor.kind
  }

  /** Defines a variable; a name that is visible already is refused. */
  define(name: string): { type: number | undefined; readonly place: number } {
    if (this.find(name) !== undefined) this.refuse()
    const variable: Variable = { name, place: this.#variables.length, type: undefined }
    this.#variables.push(variable)
    return variable
  }

  find(name: string): { readonly type: number | undefined; readonly place: number } | undefined {
    return this.#variables.find((variable) => variable.name === name)
  }

  /** Forgets the variables that were defined last. */
  forget(count: number): void {
    this.#variables.length -= count
  }
}

const RAW: ReadonlySet<number> = new Set([PACKED_KIND.string, PACKED_KIND.blob, PACKED_KIND.geoJson])

/** An expression that is unknown as soon as one of its arguments is; they are evaluated in their order, up to that one. */
export function ofKnown(
  type: number,
  args: readonly Expression[],
  compute: (values: readonly Computed[]) => Computed,
): Expression {
  return {
    type,
    evaluate: (evaluation: Evaluation) => {
      const values: Computed[] = []
      for (const arg of args) {
        const value = arg.evaluate(evaluation)
        if (value === undefined) return undefined
        values.push(value)
      }
      return compute(values)
    },
  }
}
