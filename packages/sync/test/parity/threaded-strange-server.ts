/*
 * Servers that are none of Aerospike's, for cases that block the thread they run in: in a thread of their own.
 */
import type { Greeting, StrangeServer as StrangeServerHere } from '@aero/testkit/strange-server'
import { serversThread } from '../support/dev-server-thread.ts'

export * from '@aero/testkit/strange-server'

export const StrangeServer = {
  open: async (greeting: Greeting): Promise<StrangeServerHere> => serversThread().strange(greeting),
}
