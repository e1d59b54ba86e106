// Texts of the expression language: parsed, compiled, printed, encoded.
//
//   pnpm build && node packages/ael/bench/compile.mjs
import { report } from '@aero/build/measure'
import { ByteReader, decodeExpression, encodeExpression } from '@aero/codec'
import { ael, compile, compileToBytes, parse, planIndex, print } from '../dist/index.js'

const SHORT = '$.age >= 18'
const LONG =
  '$.age >= 18 and $.country in ["it", "at", "ch"] and ($.orders.[0].total * 2 > 100 or not($.blocked)) and $.name != "x"'
const TREE = parse(LONG)
const EXPRESSION = compile(LONG).expression
const BYTES = encodeExpression(EXPRESSION)
const TARGET = {
  namespace: 'test',
  indexes: [
    { namespace: 'test', bin: 'age', type: 'INTEGER' },
    { namespace: 'test', bin: 'name', type: 'STRING' },
  ],
}
/** Makes texts that nobody has seen. */
let fresh = 0

report(
  [
    { name: `${SHORT}: parsed`, run: () => parse(SHORT) },
    { name: '  compiled to bytes, text not known', run: () => compileToBytes(`$.age >= ${fresh++}`) },
    { name: '  compiled to bytes, text known', run: () => compileToBytes(SHORT) },
    { name: '  compiled to bytes, template with a value', run: () => compileToBytes(ael`$.age >= ${18}`) },
    { name: `a condition of ${LONG.length} characters: parsed`, run: () => parse(LONG) },
    { name: '  printed', run: () => print(TREE) },
    { name: '  compiled, text known', run: () => compile(LONG) },
    { name: '  parsed and compiled, text not known', run: () => compile(`${LONG} and $.n != ${fresh++}`) },
    { name: '  encoded', run: () => encodeExpression(EXPRESSION) },
    { name: '  decoded', run: () => decodeExpression(ByteReader.over(BYTES)) },
    { name: '  planned for two indexes', run: () => planIndex(LONG, TARGET) },
  ],
  'text',
)
