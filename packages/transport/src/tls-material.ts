import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { TlsOptionsError } from './errors.ts'
import type { PemSource } from './tls-options.ts'

/** PEM texts as Node takes them. */
export type Pem = string | Uint8Array

/**
 * What a source holds, read from its file if it is a path.
 *
 * @throws TlsOptionsError when there is no such file, or nothing of the kind in it. The content is never shown.
 */
export async function readPem(source: PemSource, option: string): Promise<Pem> {
  if (isPem(source)) return source
  if (typeof source !== 'string') throw new TlsOptionsError(option, 'the bytes are not in the PEM form')
  if (source.includes('\n') || source === '')
    throw new TlsOptionsError(option, 'neither in the PEM form nor a path')
  let content: Uint8Array
  try {
    content = await readFile(source)
  } catch (error) {
    const { code = 'an error' } = error as { code?: string }
    throw new TlsOptionsError(option, `the file '${source}' cannot be read (${code})`, error)
  }
  if (!isPem(content)) throw new TlsOptionsError(option, `the file '${source}' is not in the PEM form`)
  return content
}

/**
 * A certificate, or several behind one another.
 *
 * @throws TlsOptionsError when it is none: OpenSSL would pass over an authority that it cannot read
 */
export async function readCertificate(source: PemSource, option: string): Promise<Pem> {
  const pem = await readPem(source, option)
  try {
    new X509Certificate(pem)
  } catch (error) {
    throw new TlsOptionsError(option, `is not a certificate (${(error as Error).message})`)
  }
  return pem
}

/** All of them; `undefined` when none is given. */
export async function readCertificates(
  sources: PemSource | readonly PemSource[] | undefined,
  option: string,
): Promise<Pem[] | undefined> {
  if (sources === undefined) return undefined
  const list = typeof sources === 'string' || sources instanceof Uint8Array ? [sources] : sources
  return Promise.all(
    list.map((source, index) => readCertificate(source, list.length > 1 ? `${option}[${index}]` : option)),
  )
}

const BEGIN = '-----BEGIN'

function isPem(source: PemSource): boolean {
  const text = typeof source === 'string' ? source : new TextDecoder('latin1').decode(source)
  return text.includes(BEGIN)
}
