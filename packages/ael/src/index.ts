/**
 * `@aero/ael`: the Aerospike expression language. So far this is only the door: the error its verbs will throw. There is
 * no parser and no compiler yet.
 */

export { AelError, type AelProblem } from './errors.ts'
