import { everyPrefix, hex, loadVectors, toHex, type Vector } from '@aero/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import { CodecError } from '../src/errors.ts'
import { decodeExpression } from '../src/expression/decode-expression.ts'
import { encodeExpression } from '../src/expression/encode-expression.ts'
import { expressionReadOperation, expressionWriteOperation } from '../src/expression/expression-operation.ts'
import { PARTICLE_TYPE } from '../src/value/particle-type.ts'
import { ByteReader } from '../src/wire/byte-reader.ts'
import { EXPRESSION_EXCEPTIONS } from './vectors/expression-exceptions.ts'
import { member, type Notation } from './vectors/notation.ts'
import { expressionFrom } from './vectors/official-expressions.ts'

const GROUPS = ['exp', 'exp_lists', 'exp_maps', 'exp_bit', 'exp_hll', 'cdt_path']
const counts = new Map<string, { encoded: number; decoded: number; excepted: number }>()

afterAll(() => {
  for (const [group, { encoded, decoded, excepted }] of counts) {
    console.log(`vectors ${group}: expressions encoded ${encoded}, decoded ${decoded}, excepted ${excepted}`)
  }
})

/** The expression of a recorded call: of the only expression operation, or of the policy's filter. */
function notationOf(vector: Vector): Notation {
  const [, second] = vector.input.args as [Notation, Notation]
  const filter = member(second, 'filterExpression')
  if (filter !== undefined) return filter
  const [operation] = second as Notation[]
  return (member(operation, 'args') as Notation[])[1] as Notation
}

for (const group of GROUPS) {
  const vectors = loadVectors(group).filter(({ expHex }) => expHex !== undefined)
  const count = { encoded: 0, decoded: 0, excepted: 0 }
  counts.set(group, count)

  describe.skipIf(vectors.length === 0)(`expressions of ${group} (needs AERO_VECTORS)`, () => {
    const plain = vectors.filter(({ name }) => EXPRESSION_EXCEPTIONS[`${group}/${name}`] === undefined)
    it.each(plain.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
      const expression = expressionFrom(notationOf(vector))
      expect(toHex(encodeExpression(expression))).toBe(vector.expHex)
      count.encoded++
      const bytes = hex(vector.expHex as string)
      expect(decodeExpression(ByteReader.over(bytes))).toEqual(expression)
      count.decoded++
    })

    it('cut anywhere, all of them are refused', () => {
      for (const { expHex } of plain) {
        for (const prefix of everyPrefix(hex(expHex as string))) {
          expect(() => decodeExpression(ByteReader.over(prefix))).toThrow(CodecError)
        }
      }
    })

    const excepted = vectors.filter(({ name }) => EXPRESSION_EXCEPTIONS[`${group}/${name}`] !== undefined)
    it.runIf(excepted.length > 0).each(excepted.map((vector) => [vector.name, vector] as const))(
      '%s differs as the table says',
      (_name, vector) => {
        const exception = EXPRESSION_EXCEPTIONS[`${group}/${vector.name}`]
        if (exception?.ours !== undefined) {
          const expression = expressionFrom(notationOf(vector))
          expect(toHex(encodeExpression(expression))).toBe(exception.ours)
          expect(decodeExpression(ByteReader.over(hex(exception.ours)))).toEqual(expression)
        }
        if (exception?.theirs === 'malformed') {
          expect(() => decodeExpression(ByteReader.over(hex(vector.expHex as string)))).toThrow(CodecError)
        } else if (exception?.theirs === 'nothing') {
          expect(/^[0-9a-f]+$/.test(vector.expHex as string)).toBe(false)
        } else expect(vector.expHex).not.toBe(exception?.ours)
        count.excepted++
      },
    )
  })
}

for (const group of GROUPS.slice(0, 5)) {
  const operations = loadVectors(group).flatMap((vector) => {
    const listed = vector.input.args?.[1]
    const calls = Array.isArray(listed) ? (listed as Notation[]) : []
    const isExcepted = EXPRESSION_EXCEPTIONS[`${group}/${vector.name}`] !== undefined
    if (isExcepted || vector.requestHex == null) return []
    return calls
      .filter((call) => String(member(call, '$fn')).startsWith('exp.operations.'))
      .map((call, index) => [`${vector.name} ${index}`, call, vector.requestHex as string] as const)
  })

  describe.skipIf(operations.length === 0)(`operations of ${group} (needs AERO_VECTORS)`, () => {
    it.each(operations)('%s is in the request', (_name, call, requestHex) => {
      const [bin, expression, flags] = member(call, 'args') as [string, Notation, number]
      const isRead = member(call, '$fn') === 'exp.operations.read'
      const make = isRead ? expressionReadOperation : expressionWriteOperation
      const operation = make(bin, expressionFrom(expression), flags)
      const name = Buffer.from(bin)
      // Type, particle type blob, no version, length of the name; then name and payload.
      const head = [operation.type, PARTICLE_TYPE.blob, 0, name.length]
      expect(requestHex).toContain(
        toHex(Uint8Array.from([...head, ...name, ...(operation.payload as Uint8Array)])),
      )
    })
  })
}
