import { type Cluster, ClusterDefinition, DataSet, type Session } from '@aero/async'
import { type Key, partitionIdOf } from '@aero/codec'
import { Behavior, type BehaviorChanges, type SystemSettings } from '@aero/config'
import { type DevServer, type DevServerNode, type DevServerOptions, startDevServer } from '@aero/devserver'
import { beforeEach } from 'vitest'
import { freshName, LIVE_SEEDS, NAMESPACE } from './test-cluster.ts'

/** Has every test of the file skipped, with this reason, when the suite runs on a real cluster. */
export function needsFaults(): void {
  beforeEach((context) => {
    if (LIVE_SEEDS !== undefined) context.skip('needs faults on demand, which only the dev server shows')
  })
}

export interface FaultClusterOptions extends DevServerOptions {
  /** Settings of the cluster. A short tend interval unless given, so that changes are soon seen. */
  readonly system?: SystemSettings
}

/** A dev server and a cluster connected to it. */
export class FaultCluster implements AsyncDisposable {
  readonly server: DevServer
  readonly cluster: Cluster
  readonly session: Session
  readonly dataSet: DataSet = DataSet.of(NAMESPACE, 'faults')

  private constructor(server: DevServer, cluster: Cluster) {
    this.server = server
    this.cluster = cluster
    this.session = cluster.createSession()
  }

  static async open({ system, ...options }: FaultClusterOptions = {}): Promise<FaultCluster> {
    const server = await startDevServer(options)
    try {
      const cluster = await new ClusterDefinition({ hosts: server.seeds })
        .withSystemSettings({ tendInterval: '50ms', ...system })
        .connect()
      return new FaultCluster(server, cluster)
    } catch (error) {
      await server.close()
      throw error
    }
  }

  sessionWith(changes: BehaviorChanges): Session {
    return this.cluster.createSession(Behavior.DEFAULT.derive(freshName('behavior'), changes))
  }

  /** A key whose master is this node. */
  keyOn(node: DevServerNode): Key {
    for (;;) {
      const key = this.dataSet.id(freshName('record'))
      if (this.ownerOf(key) === node) return key
    }
  }

  /** The node that has this copy of the key's partition; 0 is the master. */
  ownerOf(key: Key, replica = 0): DevServerNode {
    const node = this.server.ownerOf(partitionIdOf(key.digest), replica)
    if (node === undefined) throw new Error(`${key} has no replica ${replica}`)
    return node
  }

  /** Names of the nodes that the client uses now. */
  nodeNames(): string[] {
    return this.cluster
      .nodes()
      .map((node) => node.name)
      .sort()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster.close()
    await this.server.close()
  }
}

/** How a node reads in errors. */
export const inErrors = (node: DevServerNode): string => `${node.name} (${node.address})`
