import { infoArgument } from './info-argument.ts'

/**
 * The info command that asks a node whether its cluster is stable: it has `size` nodes, and no partition of the namespace is moving.
 * The answer is a key that is the same on all nodes, and another one after every change; else `ERROR:7:…`.
 * Source: as/src/base/thr_info.c, cmd_cluster_stable.
 *
 * @throws EncodeError for a namespace that cannot stand in an info command
 */
export function printStabilityRequest(namespace: string, size: number): string {
  return `cluster-stable:size=${size};ignore-migrations=false;namespace=${infoArgument('namespace', namespace)}`
}
