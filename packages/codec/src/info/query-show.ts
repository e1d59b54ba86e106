import { parseInfoPairs } from './info-pairs.ts'

/** A query or background job as one node tells of it. */
export interface ShownJob {
  /** It is under way. */
  readonly isActive: boolean
  /** How it stands or ended: `ok`, or why not. */
  readonly status: string
  /** Percent, 0 to 100. */
  readonly progress: number
  readonly succeeded: number
  readonly failed: number
  /** Records that the filter held back. */
  readonly filtered: number
}

/** The answer to `query-show:id=…`. What a server leaves out counts 0. */
export function parseShownJob(text: string): ShownJob {
  const pairs = parseInfoPairs(text, ':')
  const count = (name: string): number => {
    const value = Number(pairs[name])
    return Number.isFinite(value) ? value : 0
  }
  const [, state = '', status = ''] = /^(\w+)(?:\((.*)\))?/.exec(pairs['status'] ?? '') ?? []
  return {
    isActive: state === 'active',
    status,
    progress: count('job-progress'),
    succeeded: count('recs-succeeded'),
    failed: count('recs-failed'),
    filtered: count('recs-filtered-meta') + count('recs-filtered-bins'),
  }
}
