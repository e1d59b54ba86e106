import { EncodeError } from '../errors.ts'
import { beginFrame, endFrame } from '../frame/frame-header.ts'
import { FRAME_TYPE } from '../frame/frame-type.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'

/*
 * request  :=  frame header (type info)   *( name LF )                 no names: the server's selection
 * reply    :=  frame header (type info)   *( name [ TAB value ] LF )   in the order asked
 *
 * A name without its line feed is not answered. A name may carry parameters behind a colon: "sets:namespace=test".
 */

/**
 * Appends a whole info request to `out`.
 *
 * @throws EncodeError for a name with a line feed, which would be two.
 */
export function encodeInfoRequest(out: ByteWriter, names: readonly string[]): void {
  const frame = beginFrame(out, FRAME_TYPE.info)
  for (const name of names) {
    if (name.includes('\n'))
      throw new EncodeError('', `line feed in the info request ${JSON.stringify(name)}`)
    out.text(name)
    out.u8(0x0a)
  }
  endFrame(out, frame)
}

/** Reads the body of an info request: the names, blank lines as `''`. A last one without line feed is left out. */
export function decodeInfoRequest(body: ByteReader): string[] {
  return body.text(body.remaining).split('\n').slice(0, -1)
}

/** Appends a whole info reply to `out`, entries in their order. */
export function encodeInfoReply(
  out: ByteWriter,
  entries: Iterable<readonly [name: string, value: string]>,
): void {
  const frame = beginFrame(out, FRAME_TYPE.info)
  for (const [name, value] of entries) {
    out.text(name)
    out.u8(0x09)
    out.text(value)
    out.u8(0x0a)
  }
  endFrame(out, frame)
}

/**
 * Reads the body of an info reply: values by name, in the order sent. A name without a value has `''`; of a name that comes
 * twice the last value counts. Whether a value is an error is for `parseInfoError` to say.
 */
export function decodeInfoReply(body: ByteReader): Map<string, string> {
  const values = new Map<string, string>()
  for (const line of body.text(body.remaining).split('\n')) {
    if (line === '') continue
    const tab = line.indexOf('\t')
    if (tab < 0) values.set(line, '')
    else values.set(line.slice(0, tab), line.slice(tab + 1))
  }
  return values
}
