import { INFO2, INFO3 } from '../message/info-bits.ts'

/*
 * Writing bins of one record: info2 has WRITE, each bin is a WRITE operation, nil removes the bin. What is required of the
 * record beforehand stands in info2 and info3:
 *
 *              none there      one there
 *   upsert     created         bins set, others stay
 *   insert     created         refused, 5          CREATE_ONLY (info2)
 *   update     refused, 2      bins set            UPDATE_ONLY (info3)
 *   replace    created         other bins go       CREATE_OR_REPLACE (info3)
 *   replaceIfExists  refused, 2  other bins go     REPLACE_ONLY (info3)
 */

/** What is required of a record that is written. */
export type WriteMode = 'upsert' | 'insert' | 'update' | 'replace' | 'replaceIfExists'

/** The flag bytes of each write mode. */
export const WRITE_MODE_BITS: Readonly<{
  [mode in WriteMode]: { readonly info2: number; readonly info3: number }
}> = {
  upsert: { info2: INFO2.write, info3: 0 },
  insert: { info2: INFO2.write | INFO2.createOnly, info3: 0 },
  update: { info2: INFO2.write, info3: INFO3.updateOnly },
  replace: { info2: INFO2.write, info3: INFO3.createOrReplace },
  replaceIfExists: { info2: INFO2.write, info3: INFO3.replaceOnly },
}

/**
 * Second-byte flags that go with a write's conditions, to be combined with those of the mode.
 *
 * @param generation how the generation sent is compared: not at all, equal, or greater than the record's
 * @param durableDelete a delete leaves a tombstone (Enterprise)
 */
export function writeConditionBits(generation: 'none' | 'equal' | 'greater', durableDelete: boolean): number {
  const compare =
    generation === 'none' ? 0 : generation === 'equal' ? INFO2.generation : INFO2.generationGreater
  return compare | (durableDelete ? INFO2.durableDelete : 0)
}

/** Third-byte flag for how far a write must have come before it is answered. */
export function commitLevelBits(level: 'all' | 'master'): number {
  return level === 'master' ? INFO3.commitMaster : 0
}
