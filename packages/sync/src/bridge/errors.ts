/** Blocking calls do not exist in this version of `@aero/sync`. Thrown wherever one would have to begin. */
export class SyncNotYetError extends Error {
  override readonly name: string = 'SyncNotYetError'
  /** Nothing was sent. */
  readonly inDoubt: boolean = false
  /** Trying again does not help. */
  readonly retryable: boolean = false

  constructor(what: string) {
    super(
      `${what} is not possible yet: @aero/sync holds no bridge to a worker thread in this version. Use @aero/sdk`,
    )
  }
}
