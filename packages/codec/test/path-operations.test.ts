import { loadVectors, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { listAppend } from '../src/collection/list-operation.ts'
import { isPathPayload, modifyByPath, selectByPath } from '../src/collection/path-operation.ts'
import type { Operation } from '../src/message/operation.ts'
import { member, type Notation } from './vectors/notation.ts'
import { contextFrom, expressionFrom } from './vectors/official-expressions.ts'

function operationFrom(notation: Notation): Operation | undefined {
  const args = member(notation, 'args') as Notation[]
  switch (member(notation, '$fn')) {
    case 'operations.selectByPath': {
      const [bin, flags, context] = args as [string, number, Notation]
      return selectByPath(bin, contextFrom(context), flags)
    }
    case 'operations.modifyByPath': {
      const [bin, modify, flags, context] = args as [string, Notation, number, Notation]
      return modifyByPath(bin, contextFrom(context), expressionFrom(modify), flags)
    }
    default:
      return undefined
  }
}

const vectors = loadVectors('cdt_path')
  .filter(({ input, requestHex }) => input.call === 'operate' && typeof requestHex === 'string')
  .flatMap((vector) => {
    const [first] = (vector.input.args as [Notation, Notation[]])[1]
    const fn = member(first, '$fn')
    // A bit that belongs to modifications: the official client takes it out.
    if (fn === 'operations.selectByPath' && ((member(first, 'args') as number[])[1] as number) & 4) return []
    return fn === 'operations.selectByPath' || fn === 'operations.modifyByPath'
      ? [[vector.name, first as Notation, vector.requestHex as string] as const]
      : []
  })

describe.skipIf(vectors.length === 0)('vectors: operations by path (needs AERO_VECTORS)', () => {
  it.each(vectors)('%s', (_name, notation, request) => {
    const operation = operationFrom(notation) as Operation
    expect(request).toContain(toHex(operation.payload as Uint8Array))
    expect(isPathPayload(operation.payload as Uint8Array)).toBe(true)
  })
})

it('a call is no path', () => {
  expect(isPathPayload(listAppend('a', 1).payload as Uint8Array)).toBe(false)
})
