// expressions as text
export {
  type Ael,
  ael,
  type AelTemplate,
  type Compiled,
  type CompileOptions,
  compile,
  compileToBytes,
  parseCtx,
} from './compile.ts'
export { boundText } from './bound-text.ts'

// secondary indexes
export type { IndexDefinition, IndexPlan, IndexRange, IndexTarget } from './emit/to-index-filter.ts'
export { explainPlan, type IndexExplanation, planIndex } from './plan.ts'

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
