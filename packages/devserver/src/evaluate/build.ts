import { EXPRESSION_OPCODE, OPERATOR } from '@aero/codec'
import { orResultCode } from '../apply/refused.ts'
import {
  buildAbs,
  buildMod,
  buildPower,
  buildRounding,
  buildSum,
  buildToFloat,
  buildToInt,
} from './arithmetic.ts'
import { Builder, type Family } from './builder.ts'
import { buildCall } from './call.ts'
import { buildComparison, buildInList } from './compare.ts'
import type { Expression } from './evaluation.ts'
import { buildGeoComparison } from './geo-compare.ts'
import { buildCombination, buildScan, buildShift, buildSingle } from './integer-bits.ts'
import { buildLiteral, buildQuote } from './literal.ts'
import { buildCond, buildLogic, buildNot, buildUnknown } from './logic.ts'
import { buildMapParts, buildRemoved } from './map-parts.ts'
import {
  buildBin,
  buildBinType,
  buildDigestModulo,
  buildKey,
  buildMetadata,
  METADATA_CODES,
} from './record-parts.ts'
import { buildRegex } from './regex.ts'
import { buildLet, buildLoopVariable, buildVariable } from './variables.ts'

function rows(build: Family, ...codes: readonly { readonly code: number }[]): [number, Family][] {
  return codes.map(({ code }) => [code, build])
}

/** Who builds which expression. Source: op_table in as/src/base/exp.c of the server. */
const FAMILIES: ReadonlyMap<number, Family> = new Map<number, Family>([
  ...rows(buildUnknown, OPERATOR.unknown),
  ...rows(buildComparison, OPERATOR.eq, OPERATOR.ne, OPERATOR.gt, OPERATOR.ge, OPERATOR.lt, OPERATOR.le),
  ...rows(buildGeoComparison, OPERATOR.geoCompare),
  ...rows(buildInList, OPERATOR.inList),
  ...rows(buildLogic, OPERATOR.and, OPERATOR.or, OPERATOR.exclusive),
  ...rows(buildNot, OPERATOR.not),
  ...rows(buildSum, OPERATOR.add, OPERATOR.sub, OPERATOR.mul, OPERATOR.div, OPERATOR.min, OPERATOR.max),
  ...rows(buildPower, OPERATOR.pow, OPERATOR.log),
  ...rows(buildMod, OPERATOR.mod),
  ...rows(buildAbs, OPERATOR.abs),
  ...rows(buildRounding, OPERATOR.floor, OPERATOR.ceil),
  ...rows(buildToInt, OPERATOR.toInt),
  ...rows(buildToFloat, OPERATOR.toFloat),
  ...rows(buildCombination, OPERATOR.intAnd, OPERATOR.intOr, OPERATOR.intXor),
  ...rows(buildShift, OPERATOR.intLeftShift, OPERATOR.intRightShift, OPERATOR.intArithmeticRightShift),
  ...rows(buildSingle, OPERATOR.intNot, OPERATOR.intCount),
  ...rows(buildScan, OPERATOR.intLeftScan, OPERATOR.intRightScan),
  ...rows(buildMapParts, OPERATOR.mapKeys, OPERATOR.mapValues),
  ...rows(buildRemoved, OPERATOR.removeResult),
  ...METADATA_CODES.map((code): [number, Family] => [code, buildMetadata]),
  [EXPRESSION_OPCODE.regex, buildRegex],
  [EXPRESSION_OPCODE.digestModulo, buildDigestModulo],
  [EXPRESSION_OPCODE.key, buildKey],
  [EXPRESSION_OPCODE.bin, buildBin],
  [EXPRESSION_OPCODE.binType, buildBinType],
  [EXPRESSION_OPCODE.loopVariable, buildLoopVariable],
  [EXPRESSION_OPCODE.cond, buildCond],
  [EXPRESSION_OPCODE.variable, buildVariable],
  [EXPRESSION_OPCODE.let, buildLet],
  [EXPRESSION_OPCODE.quote, buildQuote],
  [EXPRESSION_OPCODE.call, buildCall],
])

/**
 * A packed expression, checked and ready; `undefined` when the server would not take it, which it answers with 4. What it
 * keeps shares no memory with the bytes.
 */
export function buildExpression(bytes: Uint8Array): Expression | undefined {
  const expression = orResultCode(() => new Builder(bytes, FAMILIES, buildLiteral).whole())
  return typeof expression === 'number' ? undefined : expression
}
