import { PARTICLE_TYPE } from '@aero/codec'
import { BUILT_BYTES, type Builder, ofKnown } from './builder.ts'
import { isParticle } from './computed.ts'
import type { Expression } from './evaluation.ts'
import { posixPattern } from './posix-pattern.ts'
import { STATIC_TYPE } from './static-type.ts'

/** `[regex, flags, pattern, text]`. Text and pattern end at a NUL, if they have one. */
export function buildRegex(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 3, BUILT_BYTES.regex)
  const flags = Number(BigInt.asIntN(32, builder.integer()))
  const pattern = textOf(builder.raw())
  const text = builder.nextOf(STATIC_TYPE.string)
  const expression = posixPattern(pattern, flags)
  if (expression === undefined) builder.refuse()
  return ofKnown(STATIC_TYPE.bool, [text], ([value]) => {
    if (!isParticle(value) || value.type !== PARTICLE_TYPE.string) return undefined
    return expression.test(textOf(value.particle))
  })
}

/** One character a byte, up to a NUL. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('latin1')
}
