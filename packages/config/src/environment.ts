/** Environment variables, as a process has them. */
export interface Environment {
  readonly [name: string]: string | undefined
}

/** When set to `true`, `1` or `yes`, in any letter case, nodes are reached at their alternate addresses. */
export const USE_SERVICES_ALTERNATE = 'AEROSPIKE_USE_SERVICES_ALTERNATE'

const YES: readonly string[] = ['true', '1', 'yes']

/** Whether a variable says yes. */
export function saysYes(environment: Environment, name: string): boolean {
  return YES.includes((environment[name] ?? '').trim().toLowerCase())
}

/** The variables of this process: the one place where this package looks at them. */
export function processEnvironment(): Environment {
  return process.env
}
