import { describe, expect, it } from 'vitest'
import { DecodeError } from '../errors.ts'
import { parsePeers, printPeers } from './peers.ts'

describe('peers', () => {
  it.each([
    ['none', '0,3000,[]', { generation: 0, defaultPort: 3000, peers: [] }],
    ['no default port', '7,,[]', { generation: 7, defaultPort: undefined, peers: [] }],
    [
      'one, with a port',
      '2,3000,[[E2,,[127.0.0.1:3210]]]',
      {
        generation: 2,
        defaultPort: 3000,
        peers: [{ name: 'E2', tlsName: '', hosts: [{ host: '127.0.0.1', port: 3210 }] }],
      },
    ],
    [
      'two, with TLS names, several addresses and the default port',
      '12,4333,[[BB9,tls.example,[10.0.0.1,[fd00::1]]],[BB8,,[[fd00::2]:3100,node-8]]]',
      {
        generation: 12,
        defaultPort: 4333,
        peers: [
          {
            name: 'BB9',
            tlsName: 'tls.example',
            hosts: [
              { host: '10.0.0.1', port: 4333 },
              { host: 'fd00::1', port: 4333 },
            ],
          },
          {
            name: 'BB8',
            tlsName: '',
            hosts: [
              { host: 'fd00::2', port: 3100 },
              { host: 'node-8', port: 4333 },
            ],
          },
        ],
      },
    ],
    [
      'a peer without addresses',
      '1,3000,[[X,,[]]]',
      { generation: 1, defaultPort: 3000, peers: [{ name: 'X', tlsName: '', hosts: [] }] },
    ],
  ])('%s', (_name, text, peers) => {
    expect(parsePeers(text)).toEqual(peers)
    expect(printPeers(peers)).toBe(text)
  })

  it.each([
    ['empty text', ''],
    ['an error instead', 'ERROR:4:unrecognized command'],
    ['no list', '1,3000,'],
    ['open list', '1,3000,[[A,,[h:1]]'],
    ['text behind the list', '1,3000,[]x'],
    ['no port anywhere', '1,,[[A,,[h]]]'],
    ['port 0', '1,,[[A,,[h:0]]]'],
    ['port 65536', '1,,[[A,,[h:65536]]]'],
    ['generation not a number', 'x,3000,[]'],
    ['negative generation', '-1,3000,[]'],
    ['open bracket of an address', '1,3000,[[A,,[[fd00::1]]]'],
    ['no host', '1,3000,[[A,,[:3000]]]'],
    ['trailing comma', '1,3000,[[A,,[h:1]],]'],
  ])('refuses: %s', (_name, text) => {
    expect(() => parsePeers(text)).toThrow(DecodeError)
  })

  it('refuses every beginning of a good text', () => {
    const text = '12,4333,[[BB9,tls.example,[10.0.0.1,[fd00::1]]],[BB8,,[[fd00::2]:3100]]]'
    for (let length = 0; length < text.length; length++) {
      expect(() => parsePeers(text.slice(0, length)), text.slice(0, length)).toThrow(DecodeError)
    }
  })
})
