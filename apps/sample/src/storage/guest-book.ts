import { DataSet, type Duration, GenerationError, type Key, type Record, type Session } from '@aero/sdk'
import { type Guest, logLine } from '../domain/guest.ts'

/** What a guest looks like as bins. The id is the key; it needs no bin. */
type GuestBins = { [Bin in Exclude<keyof Guest, 'id'>]: Guest[Bin] }

/** How often a change is tried again when another writer was faster. */
const MAX_CHANGES = 10

/** A guest as read, and the generation that a change of it must name. */
export interface StoredGuest {
  readonly guest: Guest
  readonly generation: number
}

/** Guests, one record each. */
export class GuestBook {
  readonly #session: Session
  readonly #guests: DataSet<GuestBins>
  readonly #passes: DataSet

  constructor(session: Session, namespace: string, name: string) {
    this.#session = session
    this.#guests = DataSet.of<GuestBins>(namespace, name)
    this.#passes = DataSet.of(namespace, `${name}-passes`)
  }

  /** Where a guest's record is. */
  keyOf(id: string): Key<GuestBins> {
    return this.#guests.id(id)
  }

  /** Adds a guest. @throws RecordExistsError when the id is taken. */
  async add({ id, ...bins }: Guest): Promise<void> {
    await this.#session
      .insert(this.keyOf(id))
      .put({ ...bins })
      .execute()
  }

  /** The guest, or `undefined`. */
  async find(id: string): Promise<StoredGuest | undefined> {
    const record = await this.#session.get(this.keyOf(id))
    return record === undefined ? undefined : asGuest(id, record)
  }

  /** Whether there is such a guest; nothing is read. */
  async has(id: string): Promise<boolean> {
    const stream = await this.#session.exists(this.keyOf(id)).execute()
    return (await stream.first())?.asBoolean() === true
  }

  /** Gives a guest another name. @throws RecordNotFoundError when there is no such guest. */
  async rename(id: string, name: string): Promise<void> {
    await this.#session.update(this.keyOf(id)).put({ name }).execute()
  }

  /** Notes a visit: counts it, adds to the log, and reads the new count, in one command. */
  async visit(id: string, message: string): Promise<number> {
    const stream = await this.#session
      .update(this.keyOf(id))
      .bin('visits')
      .add(1)
      .bin('log')
      .append(logLine(message))
      .bin('visits')
      .get()
      .execute()
    const row = await stream.firstOrThrow()
    return row.recordOrThrow().bins['visits'] as number
  }

  /**
   * Replaces what was read by what is wanted, if nobody else has changed it meanwhile.
   *
   * @throws GenerationError when somebody has.
   */
  async replace({ guest, generation }: StoredGuest): Promise<void> {
    const { id, ...bins } = guest
    await this.#session
      .replaceIfExists(this.keyOf(id))
      .put({ ...bins })
      .ensureGenerationIs(generation)
      .execute()
  }

  /** Reads, changes and replaces until no other writer came between. Returns how many times that took. */
  async change(id: string, alter: (guest: Guest) => Guest): Promise<number> {
    for (let times = 1; ; times++) {
      const stored = await this.find(id)
      if (stored === undefined) throw new RangeError(`there is no guest ${id}`)
      try {
        await this.replace({ guest: alter(stored.guest), generation: stored.generation })
        return times
      } catch (error) {
        if (!(error instanceof GenerationError) || times === MAX_CHANGES) throw error
      }
    }
  }

  /** Removes a guest; tells whether there was one. */
  async remove(id: string): Promise<boolean> {
    const stream = await this.#session.delete(this.keyOf(id)).execute()
    return (await stream.first())?.asBoolean() === true
  }

  /** Gives a guest a pass that is good for a while. */
  async issuePass(id: string, lifetime: Duration): Promise<void> {
    await this.#session
      .upsert(this.#passes.id(id))
      .put({ issued: Date.now() })
      .expireAfter(lifetime)
      .execute()
  }

  /** Seconds that a guest's pass is still good for; 0 when there is none. */
  async passSeconds(id: string): Promise<number> {
    const record = await this.#session.getHeader(this.#passes.id(id))
    if (record === undefined) return 0
    return record.ttl === 'never' ? Number.POSITIVE_INFINITY : record.ttl
  }

  /** Takes a pass back. */
  async revokePass(id: string): Promise<void> {
    await this.#session.delete(this.#passes.id(id)).execute()
  }
}

function asGuest(id: string, record: Record<GuestBins>): StoredGuest {
  return { guest: { id, ...record.bins }, generation: record.generation }
}
