import { parentPort, workerData } from 'node:worker_threads'
import { type DevServerOptions, startDevServer } from '@aero/devserver'

/** A dev server in a thread of its own: tells its seeds, and ends when it is told anything. */
const options = workerData as DevServerOptions
const server = await startDevServer(options)
parentPort?.once('message', () => {
  void server.close().then(() => process.exit(0))
})
parentPort?.postMessage([server.seeds, options.tls === undefined ? '' : server.tlsSeeds])
