import { expect, it } from 'vitest'
import { parseRackIds } from './rack-map.ts'

it.each([
  ['test:1', { test: 1 }],
  ['test:1;bar:0', { test: 1, bar: 0 }],
  ['test:1;bar:0;', { test: 1, bar: 0 }],
  ['', {}],
  ['test', {}],
  ['test:', {}],
  ['test:one;bar:2', { bar: 2 }],
  [':1', {}],
])('%j', (text, expected) => {
  expect(Object.fromEntries(parseRackIds(text))).toEqual(expected)
})
