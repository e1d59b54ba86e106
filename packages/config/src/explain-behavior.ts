import { printOption } from './option-row.ts'
import { type BehaviorPatches, scopesOf } from './resolve.ts'
import { OPERATIONS, type Operation, SCOPE_NAMES, type ScopeName } from './scope.ts'
import { SETTING_NAMES, SETTING_ROWS, type SettingName, type SettingsPatch } from './settings.ts'

/** What an explanation needs to know of a behavior. */
export interface Explicable {
  readonly name: string
  readonly parent: Explicable | undefined
  readonly patches: BehaviorPatches
}

/** One statement of one behavior about one setting; without a behavior, the table's default. */
interface Statement {
  readonly behavior: Explicable | undefined
  readonly scope: ScopeName
  readonly value: number | boolean | string
}

/** The text of `Behavior.explain()`. */
export function explainBehavior(behavior: Explicable): string {
  const lineage = lineageOf(behavior)
  const warnings = warningsOf(lineage)
  return [
    `behavior ${lineage.map((ancestor) => ancestor.name).join(' → ')}`,
    '',
    'changes',
    ...lineage.flatMap(printChanges),
    '',
    'in effect',
    ...SETTING_NAMES.flatMap((name) => printEffect(name, lineage)),
    ...(warnings.length === 0 ? [] : ['', 'warnings', ...warnings.map((warning) => `  ${warning}`)]),
  ].join('\n')
}

function lineageOf(behavior: Explicable): readonly Explicable[] {
  return behavior.parent === undefined ? [behavior] : [...lineageOf(behavior.parent), behavior]
}

function printChanges(behavior: Explicable): string[] {
  const scopes = SCOPE_NAMES.filter((scope) => behavior.patches[scope] !== undefined)
  if (scopes.length === 0) return [`  ${behavior.name}: none`]
  return [
    `  ${behavior.name}`,
    ...scopes.map((scope) => `    ${scope}: ${printPatch(behavior.patches[scope] ?? {})}`),
  ]
}

function printPatch(patch: SettingsPatch): string {
  return SETTING_NAMES.filter((name) => patch[name] !== undefined)
    .map((name) => `${name} ${print(name, patch[name] ?? '')}`)
    .join(', ')
}

function printEffect(name: SettingName, lineage: readonly Explicable[]): string[] {
  const winners = new Map<string, string>()
  for (const operation of OPERATIONS) {
    const statement = statementsFor(name, lineage, operation).at(-1)
    if (statement === undefined) continue
    const source =
      statement.behavior === undefined ? 'default' : `${statement.scope} of ${statement.behavior.name}`
    winners.set(source, print(name, statement.value))
  }
  return [...winners].map(
    ([source, value], index) => `  ${(index === 0 ? name : '').padEnd(22)}${value.padEnd(18)}${source}`,
  )
}

/** Everything said about a setting for an operation, in the order of the cascade: the last one holds. */
function statementsFor(name: SettingName, lineage: readonly Explicable[], operation: Operation): Statement[] {
  const said: Statement[] = [{ behavior: undefined, scope: 'all', value: SETTING_ROWS[name].default }]
  for (const behavior of lineage) {
    for (const scope of scopesOf(operation)) {
      const value = behavior.patches[scope]?.[name]
      if (value !== undefined) said.push({ behavior, scope, value })
    }
  }
  return said
}

/** Where a child's general scope has the last word over an ancestor's more special one. */
function warningsOf(lineage: readonly Explicable[]): readonly string[] {
  const warnings = new Set<string>()
  for (const operation of OPERATIONS) {
    for (const name of SETTING_NAMES) {
      const said = statementsFor(name, lineage, operation)
      const last = said.at(-1)
      for (const earlier of said) {
        if (last !== undefined && takesAway(last, earlier)) warnings.add(printWarning(name, last, earlier))
      }
    }
  }
  return [...warnings]
}

function takesAway(last: Statement, earlier: Statement): boolean {
  return (
    earlier.behavior !== undefined &&
    earlier.behavior !== last.behavior &&
    earlier.value !== last.value &&
    SCOPE_NAMES.indexOf(last.scope) < SCOPE_NAMES.indexOf(earlier.scope)
  )
}

function printWarning(name: SettingName, last: Statement, earlier: Statement): string {
  const winner = `${last.scope}.${name} ${print(name, last.value)} of ${last.behavior?.name}`
  return `${winner} overrides ${earlier.scope}.${name} ${print(name, earlier.value)} of ${earlier.behavior?.name}`
}

function print(name: SettingName, value: number | boolean | string): string {
  return printOption(SETTING_ROWS[name], value)
}
