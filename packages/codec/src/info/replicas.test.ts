import { describe, expect, it } from 'vitest'
import { DecodeError } from '../errors.ts'
import { hasPartition, PARTITION_BITMAP_BYTES, parseReplicas, printReplicas } from './replicas.ts'

/** 512 bytes as base64 by Node, not by us. */
function base64(...partitions: number[]): string {
  const bitmap = Buffer.alloc(512)
  for (const id of partitions) bitmap.writeUInt8(bitmap.readUInt8(id >> 3) | (0x80 >> (id & 7)), id >> 3)
  return bitmap.toString('base64')
}

describe('replicas', () => {
  it('reads namespaces with regime, master and replicas', () => {
    const text = `test:3,2,${base64(0, 9, 4095)},${base64(1)};bar:0,1,${base64()}`
    const [test, bar] = parseReplicas(text)
    expect(test).toMatchObject({ namespace: 'test', regime: 3 })
    expect(bar).toMatchObject({ namespace: 'bar', regime: 0 })
    expect(test?.replicas.map((bitmap) => bitmap.length)).toEqual([
      PARTITION_BITMAP_BYTES,
      PARTITION_BITMAP_BYTES,
    ])
    const owned = (bitmap: Uint8Array) =>
      Array.from({ length: 4096 }, (_, id) => id).filter((id) => hasPartition(bitmap, id))
    expect(owned(test?.replicas[0] as Uint8Array)).toEqual([0, 9, 4095])
    expect(owned(test?.replicas[1] as Uint8Array)).toEqual([1])
    expect(owned(bar?.replicas[0] as Uint8Array)).toEqual([])
    expect(printReplicas(parseReplicas(text))).toBe(text)
  })

  it('takes the first partition from the highest bit of the first byte', () => {
    const bitmap = new Uint8Array(512)
    bitmap[0] = 0x80
    expect([0, 1, 7, 8].map((id) => hasPartition(bitmap, id))).toEqual([true, false, false, false])
  })

  it.each([
    ['nothing', '', 0],
    ['a namespace without copies', 'test:0,0', 1],
    ['a semicolon at the end', `test:0,1,${base64(5)};`, 1],
  ])('accepts %s', (_name, text, namespaces) => {
    expect(parseReplicas(text)).toHaveLength(namespaces)
  })

  it.each([
    ['no regime', `test:1,${base64()}`],
    ['fewer bitmaps than announced', `test:0,2,${base64()}`],
    ['more bitmaps than announced', `test:0,1,${base64()},${base64()}`],
    ['a short bitmap', 'test:0,1,AAAA'],
    ['a long bitmap', `test:0,1,${Buffer.alloc(513).toString('base64')}`],
    ['not base64', `test:0,1,${'*'.repeat(684)}`],
    ['no namespace', ':0,0'],
    ['an error', 'ERROR:4:unrecognized command'],
    ['a count beyond reason', 'test:0,99999999'],
  ])('refuses %s', (_name, text) => {
    expect(() => parseReplicas(text)).toThrow(DecodeError)
  })
})
