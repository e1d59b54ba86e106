import { RESULT_CODE } from '@aero/codec'
import { ClusterDefinitionBase, type ClusterOptions } from '@aero/config'
import { Cluster as TendedCluster, type TenderOptions } from '@aero/tender'
import { type Clock, Endpoint, type SocketOpener, systemClock } from '@aero/transport'
import { Cluster } from './cluster.ts'
import { AbortError, AerospikeError, ConnectionError } from './errors.ts'
import { VERSION } from './version.ts'

/*
 * The composition root: the one place where options become pools, a tended cluster and sessions.
 */

/** What `connect` takes. */
export interface ConnectOptions {
  /** Gives up connecting; nothing stays open. */
  readonly signal?: AbortSignal
}

/** What a test puts in the place of the machine. */
export interface Machine {
  readonly clock?: Clock
  readonly opener?: SocketOpener
  readonly random?: () => number
}

/**
 * Where a cluster is and how to connect to it.
 *
 * @example
 * ```ts
 * import { ClusterDefinition } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * console.log(cluster.isConnected())
 * ```
 */
export class ClusterDefinition extends ClusterDefinitionBase {
  /**
   * Tries all seeds at once and follows the cluster behind the first that answers.
   *
   * @throws ConnectionError when no seed leads to a cluster; its message has one line for each address that was tried.
   * @throws AbortError when the signal says so. In both cases nothing stays open.
   */
  async connect(options: ConnectOptions = {}): Promise<Cluster> {
    try {
      return await openCluster(this.toOptions(), options)
    } catch (error) {
      throw asConnectError(error, options.signal)
    }
  }
}

/** Opens a cluster from plain options. */
export async function openCluster(
  options: ClusterOptions,
  { signal }: ConnectOptions = {},
  machine: Machine = {},
): Promise<Cluster> {
  const clock = machine.clock ?? systemClock
  const tended = await TendedCluster.open({ ...tenderOptions(options), ...machine, clock }, signal)
  return new Cluster(tended, clock)
}

function tenderOptions(options: ClusterOptions): TenderOptions {
  const { systemSettings } = options
  return {
    seeds: options.hosts.map(({ name, port, tlsName }) => new Endpoint(name, port, tlsName)),
    userAgent: { client: `aero-${VERSION}`, application: options.appId },
    clusterName: options.clusterName,
    tendInterval: systemSettings.tendInterval,
    failIfNotConnected: options.failIfNotConnected,
    useServicesAlternate: options.useServicesAlternate,
    ipMap: options.ipMap,
    racks: options.racks,
    tendTimeout: systemSettings.tendTimeout,
    maxErrorRate: systemSettings.maxErrorRate,
    errorRateWindow: systemSettings.errorRateWindow,
    pool: {
      pipelining: systemSettings.pipelining,
      maxConnections: systemSettings.maxConnectionsPerNode,
      minConnections: systemSettings.minConnectionsPerNode,
      maxIdleMs: systemSettings.maxSocketIdleTime,
    },
  }
}

function asConnectError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) {
    return new AbortError('connecting was aborted', RESULT_CODE.CLIENT_ERROR, { cause: signal.reason })
  }
  if (!(error instanceof Error) || error instanceof AerospikeError) return error
  return new ConnectionError(error.message, RESULT_CODE.SERVER_NOT_AVAILABLE, { cause: error })
}
