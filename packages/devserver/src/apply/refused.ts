/** Ends an operation with a result code, from however deep inside. Caught where operations are carried out. */
export class Refused {
  readonly resultCode: number

  constructor(resultCode: number) {
    this.resultCode = resultCode
  }
}

/** What `run` returns, or the result code it is refused with. */
export function orResultCode<Result>(run: () => Result): Result | number {
  try {
    return run()
  } catch (error) {
    if (error instanceof Refused) return error.resultCode
    throw error
  }
}
