/** What a class looks like when its methods return what the promises of the original give. */
export type Blocking<T> = {
  readonly [Name in keyof T]: T[Name] extends (...args: infer Args) => Promise<infer Value>
    ? (...args: Args) => Value
    : T[Name]
}
