import { hex } from '@aero/testkit'
import { expect, it } from 'vitest'
import { hexExcerpt } from './hex-excerpt.ts'

it.each([
  [0, '>00< 01 02 03 04 05 06'],
  [3, '00 01 02 >03< 04 05 06 07 08 09'],
  [11, '05 06 07 08 09 0a >0b<'],
  [12, '06 07 08 09 0a 0b'],
])('shows the bytes around offset %d', (offset, text) => {
  expect(hexExcerpt(hex('000102030405060708090a0b'), offset)).toBe(text)
})
