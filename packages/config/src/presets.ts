import type { BehaviorChanges } from './behavior-changes.ts'

/*
 * The shipped behaviors, as what they change. DEFAULT stands on the defaults of the option table, the others on the
 * behavior that Behavior's static fields name.
 *
 * maxConcurrentNodes stays at the table's 0, all nodes: the reference's 1 makes a plain query visit nodes one by one.
 */
export const PRESETS: {
  readonly DEFAULT: BehaviorChanges
  readonly READ_FAST: BehaviorChanges
  readonly STRICTLY_CONSISTENT: BehaviorChanges
  readonly FAST_RACK_AWARE: BehaviorChanges
} = {
  DEFAULT: {
    readsQuery: { maxRetries: 5 },
    writesSc: { durableDelete: true },
    // Sending such a write again could apply it twice.
    writesNonRetryable: { maxRetries: 0 },
  },
  READ_FAST: {
    reads: { socketTimeout: 50, totalTimeout: 200, maxRetries: 3 },
  },
  STRICTLY_CONSISTENT: {
    readsSc: { readModeSc: 'LINEARIZE' },
  },
  FAST_RACK_AWARE: {
    reads: { replica: 'PREFER_RACK' },
    readsSc: { readModeSc: 'SESSION' },
  },
}
