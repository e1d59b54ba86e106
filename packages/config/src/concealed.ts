/** What stands in the place of a secret when it is printed. */
export const CONCEALED = '***'

/**
 * The object, frozen, whose named members do not show when it is printed or made into JSON. It is plain data all the same: the members
 * are there, and are copied when the object is cloned.
 */
export function conceal<T extends object>(data: T, secrets: readonly (keyof T)[]): Readonly<T> {
  const shown = (): { [name: string]: unknown } =>
    Object.fromEntries(
      Object.entries(data).map(([name, value]) => [
        name,
        value !== undefined && secrets.includes(name as keyof T) ? CONCEALED : value,
      ]),
    )
  for (const name of secrets) {
    const value = data[name]
    // Read like any other member, by clones too; `console.dir`, which asks nobody how to show an object, shows that it can be read.
    if (value !== undefined) Object.defineProperty(data, name, { enumerable: true, get: () => value })
  }
  // Not enumerable: comparing and cloning pass over them.
  Object.defineProperty(data, 'toJSON', { value: shown })
  Object.defineProperty(data, Symbol.for('nodejs.util.inspect.custom'), { value: shown })
  return Object.freeze(data)
}
