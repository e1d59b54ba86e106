import { lookup } from 'node:dns/promises'

/**
 * All addresses of a host name, as the operating system finds them (`/etc/hosts` included), in its order and none twice.
 *
 * @throws Error of node:dns (rejects) when there are none; its `code` is `ENOTFOUND` or the like
 *
 * @example
 * ```ts
 * import { resolveHost } from '@aero/transport'
 * console.log(await resolveHost('localhost')) // [ '127.0.0.1' ] or [ '::1', '127.0.0.1' ]
 * ```
 */
export async function resolveHost(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true, verbatim: true })
  return [...new Set(found.map(({ address }) => address))]
}
