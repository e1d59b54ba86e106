import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The version that Aero is compared with. */
export const OFFICIAL_VERSION = '6.7.1'

/** Where it is installed: an ignored folder of this app, never a dependency. */
export const OFFICIAL_FOLDER: string = join(
  fileURLToPath(new URL('..', import.meta.url)),
  '.cache',
  `official-${OFFICIAL_VERSION}`,
)

/** Installs the official client unless it is there. Throws what npm says when it cannot. */
export function installOfficialClient(say: (line: string) => void): void {
  if (existsSync(join(OFFICIAL_FOLDER, 'node_modules', 'aerospike', 'package.json'))) return
  say(`installing aerospike@${OFFICIAL_VERSION} into ${OFFICIAL_FOLDER} (once)`)
  mkdirSync(OFFICIAL_FOLDER, { recursive: true })
  writeFileSync(join(OFFICIAL_FOLDER, 'package.json'), '{ "name": "official-client", "private": true }\n')
  execFileSync('npm', ['install', '--no-audit', '--no-fund', `aerospike@${OFFICIAL_VERSION}`], {
    cwd: OFFICIAL_FOLDER,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
}
