import { EncodeError } from '@aero/codec'
import { rounds, seededRandom } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { AelError, boundText, compileToBytes, parse, parseCtx, planIndex } from '../src/index.ts'

const PIECES =
  `$.a $.b.c $."x y" .[0] .{#-1} .{a-c} .[=1,2] .{!1:3} .{0:~k} .get(type: INT) .get(return: COUNT) .asInt() .exists() .count()
  .hllUnion( 1 2.5 .5 0xff "t" 'u' true false ?0 ?1 [ ] { } ( ) , : == != > >= < <= in and or not( exclusive( let (x = then ( \${x}
  when ( => default => unknown + - * / % ** & | ^ << >> >>> ~ abs( max( geoJson( $.ttl() $.digestModulo(3) . $ # ! = é`
    .split(/\s+/)
    .filter((piece) => piece !== '')

const INDEXES = [
  { namespace: 'test', bin: 'a', type: 'INTEGER' },
  { namespace: 'test', bin: 'b', type: 'STRING', context: [{ by: 'mapKey', value: 'c' }] },
] as const

/** Runs it, and lets nothing out but what is said to come. */
function tried(run: () => unknown, text: string): boolean {
  try {
    run()
    return true
  } catch (error) {
    if (!(error instanceof AelError || error instanceof EncodeError))
      throw new Error(`of ${text}`, { cause: error })
    if (error instanceof AelError) {
      expect(error.start).toBeGreaterThanOrEqual(0)
      expect(error.end).toBeLessThanOrEqual(text.length)
      expect(error.message).toContain(error.picture)
    }
    return false
  }
}

describe('whatever the text', () => {
  it('only AelError comes of it', () => {
    const random = seededRandom(23)
    let compiled = 0
    for (let round = 0; round < rounds(20_000); round++) {
      const pieces = Array.from({ length: random.int(1, 9) }, () => random.pick(PIECES))
      const text = pieces.join(random.chance(0.8) ? ' ' : '')
      const source = { text, values: [1, ['x']] }
      const options = { strict: random.chance(0.3), reference: random.chance(0.3) }
      if (tried(() => parse(text), text)) {
        if (tried(() => compileToBytes(source, options), text)) compiled++
        tried(() => planIndex(source, { namespace: 'test', indexes: INDEXES }, options), text)
        tried(() => boundText(source), text)
      }
      tried(() => parseCtx(text), text)
    }
    expect(compiled).toBeGreaterThan(rounds(20_000) / 100)
  })
})
