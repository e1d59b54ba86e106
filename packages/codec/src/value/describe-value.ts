/** How to name a thing in an error message: `undefined`, `a Date`, `a function`. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  if (typeof value !== 'object') return `a ${typeof value}`
  const { constructor: maker } = value as { readonly constructor?: unknown }
  if (typeof maker === 'function' && maker.name !== '') return `an object of class ${maker.name}`
  return 'an object with a prototype of its own'
}
