/** Whether a text is an IPv6 address, without brackets; a zone (`%eth0`) may follow. */
export function isIpv6(text: string): boolean {
  const [address = '', zone, ...more] = text.split('%')
  if (more.length > 0 || zone === '' || (zone !== undefined && !/^[\w.-]+$/.test(zone))) return false
  const halves = address.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1) ?? ''
  // An IPv4 address may stand at the end in place of two groups.
  const dotted = last.includes('.')
  if (dotted && (!isIpv4(last) || address.endsWith('::'))) return false
  const plain = dotted ? groups.slice(0, -1) : groups
  if (!plain.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false
  const count = plain.length + (dotted ? 2 : 0)
  return halves.length === 2 ? count < 8 : count === 8
}

/** Whether a text can name a host: a DNS name or an address, without port and brackets. */
export function isHostName(text: unknown): text is string {
  return typeof text === 'string' && (/^[^\s\p{Cc}:,/[\]@%]+$/u.test(text) || isIpv6(text))
}

function isIpv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
}
