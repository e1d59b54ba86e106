import { expect, it } from 'vitest'
import { Endpoint } from './endpoint.ts'

it.each([
  ['localhost', 3000, 'localhost:3000'],
  ['127.0.0.1', 1, '127.0.0.1:1'],
  ['::1', 3000, '[::1]:3000'],
])('%s and %i read %s', (host, port, text) => {
  expect(String(new Endpoint(host, port))).toBe(text)
})

it.each([
  ['the same', new Endpoint('a', 1, 't'), true],
  ['another host', new Endpoint('b', 1, 't'), false],
  ['another port', new Endpoint('a', 2, 't'), false],
  ['no TLS name', new Endpoint('a', 1), false],
])('compared with %s', (_name, other, same) => {
  expect(new Endpoint('a', 1, 't').equals(other)).toBe(same)
})
