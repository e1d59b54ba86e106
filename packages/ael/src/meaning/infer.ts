import type { AelNode, PathNode } from '../tree/ast.ts'
import { functionNamed } from './functions.ts'
import { boundValue, lookUp, type Meaning, type Scope, withVariable } from './scope.ts'
import { isConcrete, type KnownType, METADATA_TYPE, returnedType, selectsSeveral } from './types.ts'

/**
 * What an expression by itself says about its type; what it is compared with may say more.
 *
 * @throws AelError for a placeholder without a value.
 */
export function inferType(node: AelNode, scope: Scope, meaning: Meaning): KnownType {
  switch (node.kind) {
    case 'int':
    case 'digestModulo':
      return 'INT'
    case 'float':
      return 'FLOAT'
    case 'string':
      return 'STRING'
    case 'blob':
      return 'BLOB'
    case 'bool':
    case 'logic':
    case 'not':
    case 'exclusive':
      return 'BOOL'
    case 'list':
      return 'LIST'
    case 'map':
      return 'MAP'
    case 'cast':
      return node.to
    case 'placeholder':
      return boundValue(meaning, node).type
    case 'variable':
      return lookUp(scope, node.name)?.type
    case 'metadata':
      return METADATA_TYPE[node.name]
    case 'path':
      return inferPath(node, meaning)
    case 'unary':
      return node.operator === '~' ? 'INT' : inferNumber([node.operand], scope, meaning)
    case 'call':
      return inferCall(node, scope, meaning)
    case 'binary':
      return inferBinary(node, scope, meaning)
    case 'let':
      return inferType(node.body, letScope(node, scope, meaning), meaning)
    case 'when':
      return inferWhen(node, scope, meaning)
    default:
      return undefined
  }
}

/** The scope inside a `let`. */
export function letScope(node: AelNode & { readonly kind: 'let' }, scope: Scope, meaning: Meaning): Scope {
  let inside = scope
  for (const { name, value } of node.variables) {
    // The references do not look into `when` for the type of a variable.
    const known = meaning.reference && value.kind === 'when' ? undefined : inferType(value, inside, meaning)
    const type = known === 'NUMERIC' || known === 'INTEGRAL' ? 'INT' : known
    inside = withVariable(inside, name, type, meaning.reference)
  }
  return inside
}

/** The type of what some operands have in common, being numbers. That they are is checked where they are emitted. */
export function inferNumber(operands: readonly AelNode[], scope: Scope, meaning: Meaning): KnownType {
  const types = operands.map((operand) => inferType(operand, scope, meaning))
  if (types.includes('FLOAT')) return 'FLOAT'
  if (types.every((type) => type === 'INT')) return 'INT'
  return types.some((type) => type === 'INT' || type === 'INTEGRAL') ? 'INTEGRAL' : 'NUMERIC'
}

function inferWhen(node: AelNode & { readonly kind: 'when' }, scope: Scope, meaning: Meaning): KnownType {
  const cases = [...node.cases.map(({ gives }) => gives), node.otherwise]
  const types = cases.map((gives) => inferType(gives, scope, meaning))
  const first = types.find(isConcrete)
  // Whole numbers among others become doubles; the references go by the first case.
  if (first === 'INT' && !meaning.reference && types.includes('FLOAT')) return 'FLOAT'
  return first ?? types.find((type) => type !== undefined)
}

function inferCall(node: AelNode & { readonly kind: 'call' }, scope: Scope, meaning: Meaning): KnownType {
  if (node.name === 'geoJson') return 'GEO'
  const gives = functionNamed(node.name)?.gives
  return gives === 'number' ? inferNumber(node.args, scope, meaning) : gives
}

function inferBinary(node: AelNode & { readonly kind: 'binary' }, scope: Scope, meaning: Meaning): KnownType {
  switch (node.operator) {
    case '+':
    case '-':
    case '*':
    case '/':
      return inferNumber([node.left, node.right], scope, meaning)
    case '**':
      return 'FLOAT'
    case '%':
    case '&':
    case '|':
    case '^':
    case '<<':
    case '>>':
    case '>>>':
      return 'INT'
    default:
      return 'BOOL'
  }
}

function inferPath(node: PathNode, meaning: Meaning): KnownType {
  const { call } = node
  const last = node.elements.at(-1)
  if (call === undefined) {
    if (last?.by === 'whole') return last.on === 'list' ? 'LIST' : 'MAP'
    return meaning.strict && selectsSeveral(node) ? 'LIST' : undefined
  }
  switch (call.name) {
    case 'asInt':
    case 'count':
    case 'hllCount':
    case 'hllMayContain':
    case 'hllUnionCount':
    case 'hllIntersectCount':
      return 'INT'
    case 'asFloat':
    case 'hllSimilarity':
      return 'FLOAT'
    case 'exists':
      return 'BOOL'
    case 'hllDescribe':
      return 'LIST'
    case 'hllUnion':
      return 'HLL'
    default:
      if (call.name === 'get' && call.returns !== undefined && call.returns !== 'VALUE') {
        const type = returnedType(call.returns, selectsSeveral(node))
        return meaning.reference && type === 'MAP' ? undefined : type
      }
      if (call.name === 'get' && call.type !== undefined) return call.type
      if (last?.by === 'whole') return last.on === 'list' ? 'LIST' : 'MAP'
      return undefined
  }
}
