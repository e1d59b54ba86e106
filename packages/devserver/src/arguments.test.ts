import { describe, expect, it } from 'vitest'
import { parseArguments } from './arguments.ts'

describe('the command line', () => {
  it('without options asks for one node on a free port', () => {
    expect(parseArguments([])).toEqual({
      kind: 'run',
      options: {
        nodes: 1,
        port: 0,
        host: '127.0.0.1',
        namespaces: ['test', 'bar'],
        replicationFactor: 2,
        defaultTtl: 0,
      },
    })
  })

  it('takes every option', () => {
    const words =
      '--nodes 3 --port 3000 --host ::1 --access-host db --access-port 4000 --namespaces a,b --replication-factor 1'
    const more = '--cluster-name home --default-ttl 60'
    expect(parseArguments(`${words} ${more}`.split(' '))).toEqual({
      kind: 'run',
      options: {
        nodes: 3,
        port: 3000,
        host: '::1',
        accessHost: 'db',
        accessPorts: [4000, 4001, 4002],
        namespaces: ['a', 'b'],
        replicationFactor: 1,
        clusterName: 'home',
        defaultTtl: 60,
      },
    })
  })

  it('asks for help', () => {
    expect(parseArguments(['--help'])).toEqual({ kind: 'help' })
  })

  it.each([
    ['--nodes 0', "--nodes takes a whole number from 1 to 64, not '0'"],
    ['--nodes three', "--nodes takes a whole number from 1 to 64, not 'three'"],
    ['--port 70000', "--port takes a whole number from 0 to 65535, not '70000'"],
    ['--nodes 3 --port 65534', '--port 65534 leaves no room for 3 nodes'],
    ['--namespaces a,,b', "--namespaces takes names of 1 to 31 bytes with commas between, not 'a,,b'"],
    ['--namespaces a,a', "--namespaces names one twice: 'a,a'"],
    ['--default-ttl -1', '--default-ttl'],
    ['--bogus', "there is no option '--bogus'"],
    ['--node 2', "there is no option '--node'; did you mean --nodes?"],
    ['stray', "Unexpected argument 'stray'"],
  ])('%s is a mistake that is explained', (words, reason) => {
    const parsed = parseArguments(words.split(' '))
    expect(parsed).toMatchObject({ kind: 'mistake', reason: expect.stringContaining(reason) })
  })
})
