/** The bytes around `offset` as hexadecimal text, the offending one marked: `00 16 >ff< 04`. For error messages only. */
export function hexExcerpt(bytes: Uint8Array, offset: number, around = 6): string {
  const from = Math.max(0, offset - around)
  const to = Math.min(bytes.length, offset + around + 1)
  let text = ''
  for (let index = from; index < to; index++) {
    const hex = (bytes[index] as number).toString(16).padStart(2, '0')
    text += `${text === '' ? '' : ' '}${index === offset ? `>${hex}<` : hex}`
  }
  return text
}
