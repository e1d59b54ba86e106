import { expect, it } from 'vitest'
import { resolveHost } from './resolve-host.ts'

it('knows this machine', async () => {
  const addresses = await resolveHost('localhost')
  expect(addresses.some((address) => address === '127.0.0.1' || address === '::1')).toBe(true)
  expect(new Set(addresses).size).toBe(addresses.length)
})

it.each(['127.0.0.1', '::1'])('gives back the address %s', async (address) => {
  expect(await resolveHost(address)).toEqual([address])
})

it('rejects what has no address', async () => {
  // The top-level domain is reserved for names that do not exist (RFC 6761).
  await expect(resolveHost('nowhere.invalid')).rejects.toThrow(/nowhere\.invalid/)
})
