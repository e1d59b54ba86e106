/** A builder was used against its rules. Thrown at the call that broke the rule, before anything is sent. */
export class UsageError extends TypeError {
  override readonly name: string = 'UsageError'
}
