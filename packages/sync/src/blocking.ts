/** What a class looks like when its methods return what the promises of the original give. */
export type Blocking<T> = {
  readonly [Name in keyof T]: T[Name] extends (...args: infer Args) => Promise<infer Value>
    ? (...args: Args) => Value
    : T[Name]
}

/** Calls a method of an object that the worker has. */
export type CallMethod = (method: string, args: readonly unknown[]) => unknown

/** An object whose methods of these names go through `call`. */
export function calling(names: readonly string[], call: CallMethod): object {
  return Object.fromEntries(
    names.map((name) => [name, (...args: readonly unknown[]): unknown => call(name, args)]),
  )
}

/** The names of a class's methods. */
export function methodsOf({ prototype }: { readonly prototype: object }): string[] {
  return Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor')
}
