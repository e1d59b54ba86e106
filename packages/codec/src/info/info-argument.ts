import { EncodeError } from '../errors.ts'

/**
 * A value inside of an info command: `name=value;…`. What would end the value, or the command, is refused, and so is what is no
 * well-formed text: a set name that is no UTF-8 in `sindex-create` ends a whole cluster.
 *
 * @param what its name, for the message
 * @throws EncodeError for an empty value, and for `;`, `:`, `=`, control characters and halves of surrogate pairs.
 */
export function infoArgument(what: string, value: string): string {
  if (typeof value !== 'string' || value === '')
    throw new EncodeError(what, 'an info command needs a value here')
  for (const character of value) {
    const code = character.codePointAt(0) as number
    const isHalf = code >= 0xd800 && code <= 0xdfff
    if (code < 0x20 || code === 0x7f || isHalf || ';:='.includes(character))
      throw new EncodeError(what, `${JSON.stringify(value)} cannot stand in an info command`)
  }
  return value
}
