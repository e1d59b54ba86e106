import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { UsageError } from '../plan/usage-error.ts'

/** The name that a module gets from its file, unless another one is said. */
export function moduleNameOf(path: string, name: string | undefined): string {
  return name ?? basename(path)
}

/** A module's text. @throws UsageError with the whole path when there is no such file, or it cannot be read */
export async function readModuleFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(cause)
    throw new UsageError(`the module ${resolve(path)} cannot be read: ${reason}`, { cause })
  }
}
