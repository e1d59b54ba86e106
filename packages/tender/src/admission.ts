import type { Endpoint } from '@aero/transport'
import { NodeRefusedError } from './errors.ts'
import type { Identity } from './node-report.ts'

/** What a node must be to be let in. */
export interface AdmissionRules {
  /** The cluster's name as the user gave it; `undefined` lets any cluster in. */
  readonly clusterName?: string | undefined
}

/** The generation that a server reports before it owns partitions. */
export const GENERATION_NOT_READY: number = -1

/** Partition maps in today's form are told by servers of this major version and newer. */
const OLDEST_MAJOR = 5

/** The refusal of a node whose cluster has another name. */
export function ofOtherCluster(
  name: string,
  endpoint: Endpoint,
  clusterName: string | undefined,
  expected: string,
): NodeRefusedError {
  const message = `node ${name} belongs to cluster '${clusterName ?? ''}', expected '${expected}'`
  return new NodeRefusedError('wrong-cluster', endpoint, message)
}

/**
 * Looks at the node behind an address.
 *
 * @param expected the name by which a peer called it, if one did
 * @returns why it stays out, or `undefined` when it may come in
 */
export function refusalOf(
  identity: Identity,
  expected: string | undefined,
  rules: AdmissionRules,
): NodeRefusedError | undefined {
  const { name, endpoint, build, clusterName } = identity
  if (rules.clusterName !== undefined && clusterName !== rules.clusterName) {
    return ofOtherCluster(name, endpoint, clusterName, rules.clusterName)
  }
  if (expected !== undefined && name !== expected) {
    return new NodeRefusedError('wrong-name', endpoint, `answers as node ${name}, expected ${expected}`)
  }
  const major = Number.parseInt(build, 10)
  if (!(major >= OLDEST_MAJOR)) {
    return new NodeRefusedError(
      'too-old',
      endpoint,
      `node ${name} runs version '${build}', this client needs ${OLDEST_MAJOR}.0 or newer`,
    )
  }
  if (identity.details.partitions?.generation === GENERATION_NOT_READY) {
    return new NodeRefusedError('not-ready', endpoint, `node ${name} is starting and owns no partitions yet`)
  }
  return undefined
}
