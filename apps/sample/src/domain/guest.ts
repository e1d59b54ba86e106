/** What the guest book keeps of a guest. Nothing here knows of a database. */
export interface Guest {
  readonly id: string
  readonly name: string
  readonly interests: readonly string[]
  readonly address: { readonly city: string; readonly country: string }
  readonly visits: number
  /** One line for each visit, the newest last. */
  readonly log: string
}

/** A guest that has not been here yet. @throws RangeError when a part is missing. */
export function newGuest(id: string, name: string, details: Pick<Guest, 'interests' | 'address'>): Guest {
  if (id.trim() === '') throw new RangeError('a guest needs an id')
  if (name.trim() === '') throw new RangeError('a guest needs a name')
  return { id, name, ...details, visits: 0, log: '' }
}

/** The line that a visit adds to a guest's log. A line is one line, whatever was said. */
export function logLine(message: string): string {
  return `${message.replace(/\s+/g, ' ').trim()}\n`
}

/** How a guest is greeted. */
export function greeting(guest: Guest): string {
  if (guest.visits === 0) return `Welcome, ${guest.name}!`
  return `Welcome back, ${guest.name} from ${guest.address.city}: visit number ${guest.visits + 1}.`
}
