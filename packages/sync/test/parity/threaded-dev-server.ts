/*
 * The dev server for cases that block the thread they run in: in a thread of its own.
 */
import type { DevServerOptions } from '../../../devserver/src/index.ts'
import { startDevServerThread } from '../support/dev-server-thread.ts'

export * from '../../../devserver/src/index.ts'

export const startDevServer = (options?: DevServerOptions): Promise<unknown> => startDevServerThread(options)
