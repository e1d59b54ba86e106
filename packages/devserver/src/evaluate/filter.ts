import { buildExpression } from './build.ts'
import { Evaluation, type Expression, type Subject } from './evaluation.ts'
import { STATIC_TYPE } from './static-type.ts'

/** An expression that says which records a command is for. */
export class Filter {
  readonly #expression: Expression

  /** @internal Use {@link compileFilter}. */
  constructor(expression: Expression) {
    this.#expression = expression
  }

  /**
   * Whether the record is meant; what is unknown does not count as true.
   *
   * The server asks first without the bins, and loads them only when the answer is unknown. That saves it a read of the disk,
   * and never gives another answer: what is known without the bins stays so with them. Here they are at hand.
   */
  passes(subject: Subject): boolean {
    return this.#expression.evaluate(new Evaluation(subject)) === true
  }
}

/** A filter as it comes with a command; `undefined`: the command is refused with 4. */
export function compileFilter(bytes: Uint8Array): Filter | undefined {
  const expression = buildExpression(bytes)
  return expression?.type === STATIC_TYPE.bool ? new Filter(expression) : undefined
}
