// Set-up without anything but Node and npm: the pinned pnpm, through npx, installs what the lockfile says.
// Nothing in this folder may depend on an installed package: it runs before there are any.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const stamp = join(root, 'node_modules', '.aero-installed')

export const environment = {
  ...process.env,
  PATH: join(root, 'node_modules', '.bin') + delimiter + process.env.PATH,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  NO_UPDATE_NOTIFIER: '1',
}

/** Installs the dependencies unless the lockfile and the manifests are those of the last time. Throws on failure. */
export async function install() {
  refuseOldNode()
  const wanted = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return 'up to date'
  // CI=true: never ask. pnpm would, before it replaces a node_modules that another tool has made.
  const { code } = await run('npx', ['--yes', manifest.packageManager, 'install', '--frozen-lockfile'], {
    env: { ...environment, CI: 'true' },
  })
  if (code !== 0) throw new Error(`pnpm install ended with ${code}`)
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(stamp, wanted)
  return 'installed'
}

/** Builds the packages named by turbo filters (all unless told). What has not changed comes from turbo's cache. */
export async function build(...filters) {
  const options = [
    '--output-logs=errors-only',
    '--concurrency=2',
    ...filters.map((filter) => `--filter=${filter}`),
  ]
  const { code } = await node('turbo', ['run', 'build', ...options])
  if (code !== 0) throw new Error(`the build ended with ${code}`)
}

/** Runs the command of an installed package with this Node. */
export function node(command, args, options) {
  return run(process.execPath, [commandFile(command), ...args], options)
}

/** Runs a program, shows what it prints, and gives its exit code and (with `capture`) its output. */
export function run(program, args, { env = environment, cwd = root, capture = false, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const output = capture || quiet ? 'pipe' : 'inherit'
    const shell = process.platform === 'win32' && program === 'npx'
    const child = spawn(program, args, { cwd, env, shell, stdio: ['ignore', output, output] })
    let text = ''
    for (const [stream, target] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream?.on('data', (chunk) => {
        text += chunk
        if (!quiet) target.write(chunk)
      })
    }
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code: code ?? signal, text }))
  })
}

/** Where a command's JavaScript is, by the `bin` of the package that brings it. */
function commandFile(command) {
  const packages = {
    biome: '@biomejs/biome',
    changeset: '@changesets/cli',
    tsc: 'typescript',
    depcruise: 'dependency-cruiser',
  }
  const folder = join(root, 'node_modules', packages[command] ?? command)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[command])
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new Error(`Aero needs Node 20.19 or later; this is ${process.versions.node}`)
}

function fingerprint() {
  const hash = createHash('sha256')
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json']
  for (const group of ['packages', 'apps', 'tooling']) {
    for (const name of readdirSync(join(root, group)).sort()) files.push(`${group}/${name}/package.json`)
  }
  for (const file of files) {
    if (existsSync(join(root, file))) hash.update(`${file}\n${readFileSync(join(root, file), 'utf8')}\n`)
  }
  return `${hash.digest('hex')} ${process.platform}-${process.arch}\n`
}
