import { it } from 'vitest'
import { FaultCluster } from '../support/fault-cluster.ts'
it('x', async () => {
  const world = await FaultCluster.open({ nodes: 3 })
    const key = world.keyOn(world.server.node(2))
    world.server.node(2).answerWith(4)
  await world.session.get(key).catch((e: unknown) => e)
  await world.cluster.close()
  const p = world.server.close()
  setTimeout(() => {
    for (const n of world.server.nodes) console.log(n.name, n.state, n.connections)
    for (const h of process._getActiveHandles()) if (h.constructor.name === 'Socket' && h.remotePort) console.log({ d: h.destroyed, we: h.writableEnded, wf: h.writableFinished, re: h.readableEnded, r: h.readable, paused: h.isPaused(), local: h.localPort, remote: h.remotePort, wl: h.writableLength })
  }, 1000)
  await p
}, 3000)
