/*
 * The dev server for cases that block the thread they run in: in a thread of its own.
 */
import type { DevServer, DevServerNode, DevServerOptions } from '../../../devserver/src/index.ts'
import { startDevServerThread } from '../support/dev-server-thread.ts'

export * from '../../../devserver/src/index.ts'

export async function startDevServer(options?: DevServerOptions): Promise<DevServer> {
  const server = await startDevServerThread(options)
  // What is to happen after each node happens in this thread, so it is this one that goes from node to node.
  const restartAll = async (afterEach: (node: DevServerNode) => unknown): Promise<void> => {
    for (const node of server.nodes) {
      await node.restart({ port: 0, tlsPort: 0 })
      await afterEach(node)
    }
  }
  return Object.create(server, { restartAll: { value: restartAll } }) as DevServer
}
