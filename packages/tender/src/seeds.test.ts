import { FakeClock } from '@aero/testkit'
import { Endpoint } from '@aero/transport'
import { describe, expect, it } from 'vitest'
import { HostResolver, type ResolveHost } from './seeds.ts'

const setUp = (resolve: ResolveHost) => {
  const clock = new FakeClock()
  return { clock, hosts: new HostResolver(resolve, clock, 1000) }
}

describe('HostResolver', () => {
  it('gives every address of every name once, with port and TLS name', async () => {
    const { clock, hosts } = setUp(async (host) => (host === 'all' ? ['10.0.0.1', 'fd00::2'] : ['10.0.0.1']))
    const seeds = [
      new Endpoint('all', 3000, 'tls'),
      new Endpoint('one', 3000),
      new Endpoint('10.0.0.9', 3100),
    ]
    const { endpoints, failures } = await hosts.resolveAll(seeds)
    expect(endpoints.map(String)).toEqual(['10.0.0.1:3000', '[fd00::2]:3000', '10.0.0.9:3100'])
    expect(endpoints[1]?.tlsName).toBe('tls')
    expect(failures).toEqual([])
    expect(clock.pending).toBe(0)
  })

  it('keeps names as TLS names, where certificates have to carry them', async () => {
    const hosts = new HostResolver(async () => ['10.0.0.1', '10.0.0.2'], new FakeClock(), 1000, true)
    const { endpoints } = await hosts.resolveAll([
      new Endpoint('db.example', 1),
      new Endpoint('db.example', 2, 'own.example'),
      new Endpoint('10.0.0.9', 3),
    ])
    expect(endpoints.map(({ tlsName }) => tlsName)).toEqual([
      'db.example',
      'db.example',
      'own.example',
      'own.example',
      undefined,
    ])
  })

  it('does not ask the name service about addresses', async () => {
    const { hosts } = setUp(() => Promise.reject(new Error('asked')))
    const { endpoints, failures } = await hosts.resolveAll([
      new Endpoint('127.0.0.1', 1),
      new Endpoint('::1', 2),
    ])
    expect(endpoints).toHaveLength(2)
    expect(failures).toEqual([])
  })

  it('tells which name failed, and why, beside those that did not', async () => {
    const { hosts } = setUp(async (host) => {
      if (host === 'bad') throw new Error('ENOTFOUND bad')
      return host === 'empty' ? [] : ['10.0.0.1']
    })
    const seeds = ['bad', 'good', 'empty'].map((host) => new Endpoint(host, 3000))
    const { endpoints, failures } = await hosts.resolveAll(seeds)
    expect(endpoints.map(String)).toEqual(['10.0.0.1:3000'])
    const told = failures.map(({ address, cause }) => `${address} ${cause.message}`)
    expect(told.sort()).toEqual(['bad:3000 ENOTFOUND bad', "empty:3000 the name 'empty' has no address"])
  })

  it('asks anew each time, and falls back to the last answer when there is none', async () => {
    const answers: (string[] | Error)[] = [['10.0.0.1'], ['10.0.0.2'], new Error('down')]
    const { hosts } = setUp(async () => {
      const next = answers.shift() as string[] | Error
      if (next instanceof Error) throw next
      return next
    })
    const seen: string[] = []
    for (let time = 0; time < 3; time++) {
      const { endpoints } = await hosts.resolveAll([new Endpoint('seed', 3000)])
      seen.push(...endpoints.map(String))
    }
    expect(seen).toEqual(['10.0.0.1:3000', '10.0.0.2:3000', '10.0.0.2:3000'])
  })

  it('gives up on a silent name service in time', async () => {
    const { clock, hosts } = setUp(() => new Promise(() => {}))
    const resolved = hosts.resolveAll([new Endpoint('seed', 3000)])
    await clock.advanceAsync(1000)
    const { failures } = await resolved
    expect(failures[0]?.cause.message).toBe("the name 'seed' was not resolved within 1000 ms")
  })
})
