import { hex, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { collectionFromWire } from './collection.ts'

/* What a server 8.1.2 answered to these, recorded or worked out from as/src/base/cdt.c and cf/src/msgpack_in.c. */

describe('a list as it is kept', () => {
  it.each([
    ['empty', '90', '90'],
    ['lengths shortened', 'dd00000003010203', '93010203'],
    ['integers shortened', '93d30000000000000001cf0000000000000002ce00000003', '93010203'],
    ['negative integers shortened', '93d1fff0d3ffffffffffffff80d2ffff8000', '93f0d080d18000'],
    [
      'large integers kept',
      '92cfffffffffffffffffd38000000000000000',
      '92cfffffffffffffffffd38000000000000000',
    ],
    ['short texts shortened', '92d9020361c4020102', '92a20361a20102'],
    ['a single float kept', '91ca3fc00000', '91ca3fc00000'],
    ['sorted as it says', '94c70001010203', '94c70001010203'],
    ['the mark of an index taken off', '93c700110102', '93c700010102'],
    ['an empty mark taken off', '93c700020102', '920102'],
    ['an extension that is no mark', '91d40105', '91d40105'],
    ['a map inside is sorted', '9182a2036202a2036101', '9182a2036101a2036202'],
  ])('%s', (_, sent, kept) => {
    expect(toHex(collectionFromWire(false, hex(sent)) ?? new Uint8Array())).toBe(kept)
  })

  it.each([
    ['nothing', ''],
    ['too short', '9301'],
    ['something after the end', '910102'],
    ['a map', '8101a20361'],
    ['a number', '05'],
    ['not sorted as it says', '94c70001030102'],
    ['a marker for comparisons', '91d4ff00'],
    ['a reserved byte', '91c1'],
    ['nested beyond all reason', `${'91'.repeat(100_000)}90`],
  ])('is refused: %s', (_, sent) => {
    expect(collectionFromWire(false, hex(sent))).toBeUndefined()
  })
})

describe('a map as it is kept', () => {
  it.each([
    ['sorted by key', '82a2036202a2036101', '82a2036101a2036202'],
    ['integers before texts before blobs', '83a2037a01a20401020503', '830503a2037a01a2040102'],
    ['sorted by key as it says', '83c70001c0a2036101a2036202', '83c70001c0a2036101a2036202'],
    ['sorted by key and value', '83c70003c0a2036101a2036202', '83c70003c0a2036101a2036202'],
    ['the mark of an index taken off', '82c70011c00102', '82c70001c00102'],
    ['its length shortened', 'de0001a2036101', '81a2036101'],
  ])('%s', (_, sent, kept) => {
    expect(toHex(collectionFromWire(true, hex(sent)) ?? new Uint8Array())).toBe(kept)
  })

  it.each([
    ['keys twice', '82a2036101a2036102'],
    ['keys twice, apart', '83a2036101a2036202a2036103'],
    ['not sorted as it says', '83c70001c0a2036202a2036101'],
    ['a double as key', '81cb3ff800000000000001'],
    ['a boolean as key', '81c301'],
    ['nil as key', '81c001'],
    ['a list as key', '81910101'],
    ['too short', '82a20361'],
  ])('is refused: %s', (_, sent) => {
    expect(collectionFromWire(true, hex(sent))).toBeUndefined()
  })
})
