/*
 * The balancer for cases that block the thread they run in: in the thread of the nodes that it stands before.
 */
import type { Balancer as BalancerHere, Target } from '@aero/testkit/balancer'
import { serversThread } from '../support/dev-server-thread.ts'

export const Balancer = {
  before: async (target: Target): Promise<BalancerHere> => serversThread().balancer(target),
}
