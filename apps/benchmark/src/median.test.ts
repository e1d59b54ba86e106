import { expect, it } from 'vitest'
import { spread } from './median.ts'

it.each([
  [[3], { min: 3, median: 3, max: 3 }],
  [[9, 1, 5], { min: 1, median: 5, max: 9 }],
  [[4, 1, 2, 9], { min: 1, median: 3, max: 9 }],
])('spread of %j', (values, expected) => {
  expect(spread(values)).toEqual(expected)
})
