import { type DevServer, startDevServer } from '@aero/devserver'
import { type Cluster, ClusterDefinition, RecordExistsError, RecordNotFoundError } from '@aero/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newGuest } from '../src/domain/guest.ts'
import { GuestBook } from '../src/storage/guest-book.ts'

let server: DevServer
let cluster: Cluster
let book: GuestBook

beforeAll(async () => {
  server = await startDevServer({ nodes: 2 })
  cluster = await new ClusterDefinition({ hosts: server.seeds }).connect()
  book = new GuestBook(cluster.createSession(), 'test', 'guests')
})

afterAll(async () => {
  await cluster?.close()
  await server?.close()
})

const details = { interests: ['maps'], address: { city: 'Rome', country: 'Italy' } }

describe('the guest book', () => {
  it('keeps a guest as it was given', async () => {
    const guest = newGuest('kept', 'Kept', details)
    await book.add(guest)
    expect(await book.find('kept')).toEqual({ guest, generation: 1 })
    expect(await book.has('kept')).toBe(true)
  })

  it('has no two guests with one id', async () => {
    await book.add(newGuest('twice', 'First', details))
    await expect(book.add(newGuest('twice', 'Second', details))).rejects.toBeInstanceOf(RecordExistsError)
    expect((await book.find('twice'))?.guest.name).toBe('First')
  })

  it('knows nothing of a guest that was never here', async () => {
    expect(await book.find('nobody')).toBeUndefined()
    expect(await book.has('nobody')).toBe(false)
    expect(await book.remove('nobody')).toBe(false)
    await expect(book.rename('nobody', 'Somebody')).rejects.toBeInstanceOf(RecordNotFoundError)
    await expect(book.visit('nobody', 'hello')).rejects.toBeInstanceOf(RecordNotFoundError)
    await expect(book.change('nobody', (guest) => guest)).rejects.toThrow('nobody')
  })

  it('counts visits, all of them, also at once', async () => {
    await book.add(newGuest('often', 'Often', details))
    const counts = await Promise.all(Array.from({ length: 20 }, () => book.visit('often', 'again')))
    expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
    expect((await book.find('often'))?.guest.log).toBe('again\n'.repeat(20))
  })

  it('loses no change of concurrent writers', async () => {
    await book.add(newGuest('busy', 'Busy', { ...details, interests: [] }))
    const interests = ['a', 'b', 'c', 'd']
    await Promise.all(
      interests.map((interest) =>
        book.change('busy', (guest) => ({ ...guest, interests: [...guest.interests, interest] })),
      ),
    )
    expect([...((await book.find('busy'))?.guest.interests ?? [])].sort()).toEqual(interests)
  })

  it('removes a guest once', async () => {
    await book.add(newGuest('gone', 'Gone', details))
    expect(await book.remove('gone')).toBe(true)
    expect(await book.remove('gone')).toBe(false)
  })

  it('gives passes that are good for a while, and takes them back', async () => {
    expect(await book.passSeconds('pass')).toBe(0)
    await book.issuePass('pass', '90s')
    const seconds = await book.passSeconds('pass')
    expect(seconds).toBeGreaterThan(80)
    expect(seconds).toBeLessThanOrEqual(90)
    await book.revokePass('pass')
    expect(await book.passSeconds('pass')).toBe(0)
  })
})
