import type { InfoContext } from './info-context.ts'

const NANOSECONDS_PER_MILLISECOND = 1_000_000n
const MAX_NAME_BYTES = 63

/**
 * `truncate:namespace=…;set=…[;lut=…]` and `truncate-namespace:namespace=…[;lut=…]`: removes what was last written before a moment
 * in nanoseconds since 1970, or before now. A namespace or set that is not there is no error: the cluster's metadata take
 * the order all the same. Source: as/src/base/truncate.c and thr_info.c.
 */
export function answerTruncate(
  context: InfoContext,
  parameters: ReadonlyMap<string, string>,
  takesSet: boolean,
): string {
  const name = parameters.get('namespace')
  if (name === undefined) return "ERROR:20:missing 'namespace'"
  const set = takesSet ? parameters.get('set') : undefined
  if (takesSet && (set === undefined || set === '')) return "ERROR:4:missing 'set'"
  if (set !== undefined && Buffer.byteLength(set) > MAX_NAME_BYTES) return "ERROR:4:'set' value too long"
  const lut = parameters.get('lut')
  const before = readMoment(lut, context.now)
  if (before === undefined) return "ERROR:4:bad 'lut'"
  if (lut !== undefined && before > context.now) return 'ERROR:4:would truncate in the future'
  context.namespaces.find((namespace) => namespace.name === name)?.truncate(set, before)
  return 'ok'
}

/** Milliseconds. What was written in the very millisecond of the order goes too: it was written before. */
function readMoment(lut: string | undefined, now: number): number | undefined {
  if (lut === undefined) return now + 1
  if (!/^\d{1,20}$/.test(lut)) return undefined
  return Number(BigInt(lut) / NANOSECONDS_PER_MILLISECOND)
}
