import { RESULT_CODE } from '@aero/codec'
import type { AttemptFailure } from '@aero/transport'
import type { CommandNode } from './engine.ts'

/** The result code that stands for an attempt which got no answer. */
export const CODE_OF_FAILURE: { readonly [kind in AttemptFailure['kind']]: number } = {
  timeout: RESULT_CODE.TIMEOUT,
  connect: RESULT_CODE.SERVER_NOT_AVAILABLE,
  closed: RESULT_CODE.SERVER_NOT_AVAILABLE,
  'queue-full': RESULT_CODE.ASYNC_QUEUE_FULL,
  encode: RESULT_CODE.SERIALIZE_ERROR,
  decode: RESULT_CODE.PARSE_ERROR,
  'pool-closed': RESULT_CODE.SERVER_NOT_AVAILABLE,
}

/** A node as errors tell of it: name and address, one of IPv6 in brackets. */
export function describeNode({ name, endpoint: { host, port } }: CommandNode): string {
  return host.includes(':') ? `${name} ([${host}]:${port})` : `${name} (${host}:${port})`
}
