// expressions as text
export {
  type Ael,
  ael,
  type Compiled,
  type CompileOptions,
  compile,
  compileToBytes,
  parseCtx,
} from './compile.ts'

// trees
export type {
  AelNode,
  AelReturn,
  AelType,
  PathElement,
  PathFunction,
  PathNode,
  Selector,
} from './tree/ast.ts'
export { parse } from './tree/parser.ts'
export { print } from './tree/print.ts'

// errors
export { AelError, type AelProblem } from './errors.ts'
