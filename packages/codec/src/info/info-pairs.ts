/** What stands in an info answer as `name=value`, by name. */
export type InfoPairs = { readonly [name: string]: string }

/**
 * The pairs of an info answer. What has no `=` is a name with an empty value; of a name that comes twice the last one holds.
 *
 * @param separator between pairs: `;` in most answers, `:` inside of lists
 */
export function parseInfoPairs(text: string, separator: ';' | ':' = ';'): InfoPairs {
  // Names are the server's, but nothing of Object's own must answer for one that is missing.
  const pairs: { [name: string]: string } = Object.create(null)
  for (const part of text.split(separator)) {
    if (part === '') continue
    const equals = part.indexOf('=')
    if (equals < 0) pairs[part] = ''
    else pairs[part.slice(0, equals)] = part.slice(equals + 1)
  }
  return pairs
}
