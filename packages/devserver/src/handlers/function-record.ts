import { FIELD_TYPE, PARTICLE_TYPE } from '@aero/codec'
import { LuaBytes, type LuaValue } from '@aero/lua/machine'
import { voidTimeNow } from '../clock.ts'
import { particleOfValue, valueOfParticle } from '../lua/lua-particle.ts'
import type { LuaRecord } from '../lua/record-library.ts'
import { RESULT } from '../result-code.ts'
import { type StoredBin, type StoredRecord, storedSize } from '../store/stored-record.ts'
import type { RecordCommand } from './record-command.ts'
import { checkNewKey, removeBin } from './write.ts'

const MAX_NAME_BYTES = 15
const MAX_SET_BYTES = 63
/** Bins that a function may have to do with. */
const MAX_BINS = 512
/** From 2010, where the server's times begin, back to 1970, in milliseconds. */
const EPOCH_MS = 1_262_304_000_000
/** Storage is counted in blocks of so many bytes. */
const BLOCK_BYTES = 16
/** What the functions of `aerospike` answer when they will not. */
const REFUSED = { exists: 1, notHere: -2, failed: -1, cannotCreate: 4 } as const

interface Change {
  value: LuaValue | undefined
  isDirty: boolean
}

/**
 * A record in the hands of a function. What the function sets is kept back until it says `update` or `create`, and even then
 * nothing is stored before it has returned. Source: as/src/base/udf_record.c and udf_aerospike.c.
 */
export class FunctionRecord implements LuaRecord {
  readonly #command: RecordCommand
  /** The record as it is stored, or the one that is to be. */
  readonly record: StoredRecord
  /** The record is there, or has been created. */
  #isOpen: boolean
  #key: Uint8Array | undefined
  #bins: StoredBin[]
  readonly #oldBins: readonly StoredBin[]
  readonly #changes = new Map<string, Change>()
  #hasTooManyBins = false
  /** Something is to be stored. */
  hasUpdates = false
  /** Why what was to be stored cannot be. */
  resultCode: number = RESULT.ok
  /** Time to live that the write has, in seconds or as the protocol says it. */
  expiration: number

  /** @param stored The record that is there; `undefined`: none, or one that has expired. */
  constructor(command: RecordCommand, stored: StoredRecord | undefined) {
    this.#command = command
    this.record = stored ?? command.create()
    this.#isOpen = stored !== undefined
    this.#key = stored?.key ?? (stored === undefined ? undefined : this.#sentKey())
    this.#bins = this.record.bins.slice()
    this.#oldBins = this.record.bins
    this.expiration = command.request.expiration
  }

  /** The bins to be stored; none: the record is to go. */
  get bins(): readonly StoredBin[] {
    return this.#bins
  }

  get hadBins(): boolean {
    return this.#oldBins.length > 0
  }

  /** The user's key to be stored. */
  get storedKey(): Uint8Array | undefined {
    return this.#key
  }

  get(bin: string): LuaValue | undefined {
    if (bin.length > MAX_NAME_BYTES) return undefined
    const change = this.#changes.get(bin)
    if (change?.value !== undefined) return change.value
    const found = this.#isOpen ? this.#bins.find(({ name }) => textOf(name) === bin) : undefined
    if (found === undefined) return undefined
    const value = valueOfParticle(found)
    this.#note(bin, { value, isDirty: false })
    return value
  }

  set(bin: string, value: LuaValue): void {
    if (bin.length <= MAX_NAME_BYTES) this.#note(bin, { value, isDirty: true })
  }

  setTtl(seconds: number): void {
    this.expiration = seconds
  }

  dropKey(): void {
    if (this.#isOpen) this.#key = undefined
  }

  create(): number {
    if (this.#isOpen) return this.#bins.length > 0 ? REFUSED.exists : this.#carryOut()
    const { request } = this.#command
    if (request.fieldLength(FIELD_TYPE.set) > MAX_SET_BYTES || checkNewKey(this.#command) !== RESULT.ok)
      return REFUSED.cannotCreate
    const result = this.#carryOut()
    if (result !== 0) return result
    this.record.setName = request.copyField(FIELD_TYPE.set)
    this.#key = this.#sentKey()
    this.#isOpen = true
    return 0
  }

  update(): number {
    return this.#isOpen ? this.#carryOut() : REFUSED.notHere
  }

  remove(): number {
    if (!this.#isOpen) return REFUSED.exists
    this.#changes.clear()
    for (const { name } of this.#bins) this.#changes.set(textOf(name), { value: undefined, isDirty: true })
    return this.#carryOut()
  }

  get exists(): boolean {
    return this.#isOpen
  }

  get ttl(): number {
    const { voidTime } = this.record
    return Math.max(0, voidTime - voidTimeNow(this.#command.clock))
  }

  get generation(): number {
    return this.record.generation
  }

  get lastUpdateTime(): number {
    return this.record.updatedAt === 0 ? 0 : this.record.updatedAt - EPOCH_MS
  }

  get size(): number {
    const { generation, voidTime, key, bins } = this.record
    if (generation === 0) return 0
    return Math.ceil(storedSize(this.record, bins, voidTime, key) / BLOCK_BYTES) * BLOCK_BYTES
  }

  get setName(): string | undefined {
    return this.#isOpen && this.record.setName.length > 0 ? textOf(this.record.setName) : undefined
  }

  get key(): LuaValue {
    const key = this.#isOpen ? this.#key : undefined
    if (key === undefined) return null
    const value = valueOfParticle({ type: key[0] as number, particle: key.slice(1) })
    return typeof value === 'object' && !(value instanceof LuaBytes) ? null : value
  }

  get digest(): Uint8Array {
    return this.record.digest
  }

  get binNames(): readonly string[] | undefined {
    return this.#isOpen ? this.#bins.map(({ name }) => textOf(name)) : undefined
  }

  #note(bin: string, change: Change): void {
    if (this.#changes.size >= MAX_BINS && !this.#changes.has(bin)) this.#hasTooManyBins = true
    else this.#changes.set(bin, change)
  }

  #sentKey(): Uint8Array | undefined {
    const { request, isBackground } = this.#command
    return !isBackground && request.hasField(FIELD_TYPE.key) ? request.copyField(FIELD_TYPE.key) : undefined
  }

  /** Applies what the function has set to the bins. On a failure all that it has set is forgotten. */
  #carryOut(): number {
    const resultCode = this.#hasTooManyBins ? RESULT.binName : this.#applyChanges()
    this.resultCode = resultCode
    this.hasUpdates = resultCode === RESULT.ok
    if (resultCode === RESULT.ok) return 0
    this.#bins = this.#oldBins.slice()
    this.#changes.clear()
    this.#hasTooManyBins = false
    return REFUSED.failed
  }

  #applyChanges(): number {
    for (const [bin, change] of this.#changes) {
      if (!change.isDirty) continue
      const resultCode = this.#applyChange(bin, change.value)
      if (resultCode !== RESULT.ok) return resultCode
      change.isDirty = false
    }
    return RESULT.ok
  }

  #applyChange(bin: string, value: LuaValue | undefined): number {
    const at = this.#bins.findIndex(({ name }) => textOf(name) === bin)
    if (value === undefined || value === null) {
      removeBin(this.#bins, at)
      this.#changes.delete(bin)
      return RESULT.ok
    }
    const particle = particleOfValue(value)
    if (particle === undefined || particle.type === PARTICLE_TYPE.nil) return RESULT.incompatibleType
    if (at < 0 && this.#bins.length >= MAX_BINS) return RESULT.binName
    const name = at < 0 ? Uint8Array.from(Buffer.from(bin, 'latin1')) : (this.#bins[at] as StoredBin).name
    this.#bins[at < 0 ? this.#bins.length : at] = { name, ...particle }
    return RESULT.ok
  }
}

function textOf(name: Uint8Array): string {
  return Buffer.from(name.buffer, name.byteOffset, name.length).toString('latin1')
}
