import { describe, expect, it } from 'vitest'
import { DecodeError } from '../errors.ts'
import { parseHostAddress, parseHostList, printHostAddress, printHostList } from './host-address.ts'

describe('host addresses', () => {
  it.each([
    ['db.example:3000', undefined, { host: 'db.example', port: 3000 }],
    ['db.example', 3100, { host: 'db.example', port: 3100 }],
    ['10.0.0.1:4000', 3000, { host: '10.0.0.1', port: 4000 }],
    ['[::1]:3000', undefined, { host: '::1', port: 3000 }],
    ['[fd00::2]', 3000, { host: 'fd00::2', port: 3000 }],
    ['fd00::2', 3000, { host: 'fd00::2', port: 3000 }],
  ])('%s (default %s)', (text, defaultPort, address) => {
    expect(parseHostAddress(text, defaultPort)).toEqual(address)
    expect(parseHostAddress(printHostAddress(address), undefined)).toEqual(address)
  })

  it.each(['', ':3000', 'h:', 'h:x', 'h:-1', 'h:70000', 'h:0', '[::1', '[]:3000', '[::1]3000', '[::1]x'])(
    'refuses %j',
    (text) => {
      expect(() => parseHostAddress(text, 3000)).toThrow(DecodeError)
    },
  )

  it('wants a port when there is no default', () => {
    expect(() => parseHostAddress('h', undefined)).toThrow(/without a port: 'h'/)
  })

  it.each([
    ['', []],
    ['127.0.0.1:3000', [{ host: '127.0.0.1', port: 3000 }]],
    [
      'a:1,[::1]:2',
      [
        { host: 'a', port: 1 },
        { host: '::1', port: 2 },
      ],
    ],
    [
      'a:1;b:2',
      [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
    ],
  ])('list %j', (text, list) => {
    expect(parseHostList(text)).toEqual(list)
    expect(parseHostList(printHostList(list))).toEqual(list)
  })
})
