import { createHash } from 'node:crypto'
import { wyHash64 } from '../apply/wy-hash.ts'

/** Rows of the table in which a server keeps what its cluster has agreed on: they decide the order of listings. */
const ROWS = 256n

/** A registered file of functions in Lua. */
export interface ModuleFile {
  readonly name: string
  readonly source: Uint8Array
  /** Hexadecimal; changes with the content. */
  readonly hash: string
}

/** The files of functions that a cluster has registered. */
export class ModuleTable {
  readonly #files = new Map<string, ModuleFile>()

  put(name: string, source: Uint8Array): void {
    this.#files.set(name, { name, source, hash: hashOf(name, source) })
  }

  delete(name: string): void {
    this.#files.delete(name)
  }

  find(name: string): ModuleFile | undefined {
    return this.#files.get(name)
  }

  /** In the order in which the server lists them. */
  list(): ModuleFile[] {
    return [...this.#files.values()].sort((a, b) => Number(rowOf(a.name) - rowOf(b.name)))
  }
}

/** The server hashes the file as it is written down in the cluster's metadata. */
function hashOf(name: string, source: Uint8Array): string {
  const content = Buffer.from(source).toString('base64')
  const text = `{"content64": ${JSON.stringify(content)}, "type": "LUA", "name": ${JSON.stringify(name)}}`
  return createHash('sha1').update(text).digest('hex')
}

function rowOf(name: string): bigint {
  return wyHash64(Buffer.from(name, 'utf8')) % ROWS
}
