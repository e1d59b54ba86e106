import { CONSISTENT_READ_BITS, type ConsistentReadMode, commitLevelBits, INFO1 } from '@aero/codec'
import type { NamespaceMode, OperationKind, ReadModeSc, ResolvedSettings } from '@aero/config'
import { type ReplicaOrder, replicaOrderForWrite } from '@aero/tender'

const READ_MODES: { readonly [mode in ReadModeSc]: ConsistentReadMode } = {
  SESSION: 'session',
  LINEARIZE: 'linearize',
  ALLOW_REPLICA: 'allowReplica',
  ALLOW_UNAVAILABLE: 'allowUnavailable',
}

/** What settings add to the flag bytes of commands of one kind. */
export interface ConsistencyBits {
  readonly info1: number
  readonly info3: number
}

/** What the settings say of consistency, for namespaces that are strongly consistent (`SC`) and for all others (`AP`). */
export function consistencyBits(
  settings: ResolvedSettings,
  kind: OperationKind,
  mode: NamespaceMode,
): ConsistencyBits {
  if (kind !== 'READ') {
    // Who commits is not for the client to say where the namespace is strongly consistent.
    const level = mode === 'AP' && settings.commitLevel === 'COMMIT_MASTER' ? 'master' : 'all'
    return { info1: 0, info3: commitLevelBits(level) }
  }
  if (mode === 'SC') return { info1: 0, info3: CONSISTENT_READ_BITS[READ_MODES[settings.readModeSc]] }
  return { info1: settings.readModeAp === 'ALL' ? INFO1.readModeApAll : 0, info3: 0 }
}

/**
 * The replicas that are asked, in their order. What a read of a strongly consistent namespace promises may leave no choice: the
 * reader's own writes are sure to be at the master, and only a master can linearize, whichever node that has become. Source: the
 * public Java client, Partition.java.
 */
export function replicaOrderOf(
  settings: ResolvedSettings,
  kind: OperationKind,
  mode: NamespaceMode,
): ReplicaOrder {
  const { replica, readModeSc } = settings
  if (kind !== 'READ') return replicaOrderForWrite(replica)
  if (mode === 'AP') return replica
  if (readModeSc === 'SESSION') return 'MASTER'
  return readModeSc === 'LINEARIZE' && replica === 'PREFER_RACK' ? 'SEQUENCE' : replica
}
