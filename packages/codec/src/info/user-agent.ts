import { DecodeError } from '../errors.ts'
import { parseBase64, printBase64 } from '../wire/base64.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { readUtf8 } from '../wire/text.ts'

/*
 * user-agent-set:value=<base64 of "1,<client>,<application>">      servers from 8.1; the 1 is the format's version
 */
const FORMAT_VERSION = '1'
const REQUEST = 'user-agent-set:value='
/** What the server shows for a client that says nothing about its application. */
const NO_APPLICATION = 'not-set'

/** How a client introduces itself to a node. */
export interface UserAgent {
  /** Library and version: `aero-1.0.0`. */
  readonly client: string
  /** Name of the program; `undefined` when not given. */
  readonly application: string | undefined
}

/** The info request by which a client introduces itself. */
export function printUserAgentRequest({ client, application }: UserAgent): string {
  const out = new ByteWriter(64)
  out.text(`${FORMAT_VERSION},${client},${application ?? NO_APPLICATION}`)
  return REQUEST + printBase64(out.written())
}

/**
 * Reads the value of `user-agent-set:value=…`.
 *
 * @throws DecodeError when it is not base64 of three parts.
 */
export function parseUserAgent(value: string): UserAgent {
  const bytes = parseBase64(value)
  const [version, client, ...application] = readUtf8(bytes, 0, bytes.length).split(',')
  if (version !== FORMAT_VERSION || client === undefined || application.length === 0) {
    throw new DecodeError('user agent is not of the form 1,client,application', 0)
  }
  const name = application.join(',')
  return { client, application: name === NO_APPLICATION ? undefined : name }
}
