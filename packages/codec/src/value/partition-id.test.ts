import { hex } from '@aero/testkit'
import { expect, it } from 'vitest'
import { PARTITION_COUNT, partitionIdOf } from './partition-id.ts'

it.each([
  ['ceded27492b392e0232514bb54a8ec2076acef37', 3790],
  ['b7f4b83889e2da67de683e1df6919a1eacc446c8', 1207],
  ['e9d49a24c3debdc5a6d551d3e7087999a263bb97', 1257],
  ['0000ffffffffffffffffffffffffffffffffffff', 0],
  ['ffff000000000000000000000000000000000000', PARTITION_COUNT - 1],
  ['00f0000000000000000000000000000000000000', 0],
  ['0008000000000000000000000000000000000000', 2048],
])('digest %s is in partition %d', (digest, partition) => {
  expect(partitionIdOf(hex(digest))).toBe(partition)
})
