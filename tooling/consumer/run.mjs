// The packages as users get them: packed, looked into, installed into an empty folder, and used from there by
// import, by require(), by TypeScript and out of bundles. Each question counts as one check.
import { spawn } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'aero-consumer-'))

/** Fails when a class goes by another name than the one it is exported by, as bundlers like to do. */
const CLASS_NAMES = `
for (const [name, value] of Object.entries(door)) {
  if (typeof value === 'function' && /^[A-Z][a-z]/.test(name) && value.name !== name) {
    throw new Error('class ' + name + ' calls itself ' + value.name)
  }
}
`

/** Doors that are started by Node as a worker's main file, not imported. They must resolve, no more. */
const workerDoors = new Set(['@aero/sync/worker'])
/** Packages whose types name things of Node. The others must compile without any platform types. */
const platformFree = new Set(['@aero/codec', '@aero/ael'])

const counts = { passed: 0, failed: 0 }
const packages = readPackages()

try {
  for (const each of packages.values()) each.tarball = await pack(each)
  for (const each of packages.values()) {
    const before = counts.failed
    await lookInto(each)
    const folder = await installed(each)
    if (folder) await use(each, folder)
    if (folder && each.name === '@aero/sync') await bundle(folder)
    console.log(
      `${counts.failed === before ? 'ok  ' : 'FAIL'} ${each.name}: ${[...each.doors.keys()].join(', ')}`,
    )
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
console.log(`packages: ${counts.passed} passed, ${counts.failed} failed`)
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1

function readPackages() {
  const found = new Map()
  for (const folder of readdirSync(join(root, 'packages'))) {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'))
    const doors = new Map(
      Object.keys(manifest.exports)
        .filter((door) => door !== './package.json')
        .map((door) => [manifest.name + door.slice(1), door]),
    )
    found.set(manifest.name, { name: manifest.name, folder: join(root, 'packages', folder), manifest, doors })
  }
  return found
}

/** A package and everything of ours it depends on. */
function withDependencies({ name }, seen = new Set()) {
  if (seen.has(name)) return seen
  seen.add(name)
  for (const dependency of Object.keys(packages.get(name).manifest.dependencies ?? {})) {
    if (packages.has(dependency)) withDependencies(packages.get(dependency), seen)
  }
  return seen
}

async function pack({ name, folder }) {
  const pnpm = join(root, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs')
  const { code, text } = await run(
    process.execPath,
    [pnpm, 'pack', '--json', '--pack-destination', work],
    folder,
  )
  if (code !== 0) throw new Error(`cannot pack ${name}:\n${text}`)
  return JSON.parse(text.slice(text.indexOf('{'))).filename
}

/** What is in the tarball, before anybody installs it. */
async function lookInto({ name, tarball, manifest }) {
  const { text: list } = await run('tar', ['-tzf', tarball], work)
  const files = list
    .trim()
    .split('\n')
    .map((file) => file.replace(/^package\//, ''))
  const { text } = await run('tar', ['-xzOf', tarball, 'package/package.json'], work)
  check(`${name}: the manifest speaks of published things only`, () => {
    const wrong = /"(?:workspace|catalog):[^"]*"|@aero\/source/.exec(text)
    return wrong && `package.json contains ${wrong[0]}`
  })
  check(`${name}: the tarball holds dist, README and LICENSE, and no tests`, () => {
    const missing = ['README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts', 'dist/index.js.map'].filter(
      (file) => !files.includes(file),
    )
    if (missing.length > 0) return `missing: ${missing.join(', ')}`
    const stray = files.filter(
      (file) => !/^(dist\/.*|README\.md|LICENSE|CHANGELOG\.md|package\.json)$/.test(file),
    )
    const extra = [...stray, ...files.filter((file) => /\.test\.|\.tsbuildinfo$/.test(file))]
    return extra.length > 0 && `should not be there: ${extra.join(', ')}`
  })
  check(`${name}: the commands exist`, () => {
    const bin = Object.values(JSON.parse(text).bin ?? {}).map((file) => file.replace(/^\.\//, ''))
    const missing = bin.filter((file) => !files.includes(file))
    if (Object.keys(manifest.bin ?? {}).length !== bin.length) return 'bin was lost in packing'
    return missing.length > 0 && `missing: ${missing.join(', ')}`
  })
  await command(`${name}: publint`, tool('publint', 'src/cli.js'), ['run', tarball, '--strict'], work)
  await command(
    `${name}: are the types wrong`,
    tool('@arethetypeswrong/cli', 'dist/index.js'),
    [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji'],
    work,
  )
}

/** An empty folder with the package in it, and nothing else but what it brings along. */
async function installed(each) {
  const folder = join(work, each.name.replace('/', '-'))
  mkdirSync(folder)
  const dependencies = {}
  for (const name of withDependencies(each)) dependencies[name] = `file:${packages.get(name).tarball}`
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }))
  const npm = [
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--no-package-lock',
    '--loglevel=error',
  ]
  const ok = await program(`${each.name}: npm install`, 'npm', npm, folder)
  if (!ok) return undefined
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true })
  symlinkSync(join(here, 'node_modules', '@types', 'node'), join(folder, 'node_modules', '@types', 'node'))
  return folder
}

async function use(each, folder) {
  for (const door of each.doors.keys()) {
    if (workerDoors.has(door)) {
      writeFileSync(
        join(folder, 'resolve.mjs'),
        `import { existsSync } from 'node:fs'\nif (!existsSync(new URL(import.meta.resolve('${door}')))) process.exit(1)\n`,
      )
      await command(`${door}: resolves`, 'resolve.mjs', [], folder)
      continue
    }
    writeFileSync(
      join(folder, 'import.mjs'),
      `import * as door from '${door}'\nconsole.log(Object.keys(door).sort().join())\n${CLASS_NAMES}`,
    )
    writeFileSync(
      join(folder, 'require.cjs'),
      `const door = require('${door}')\nconsole.log(Object.keys(door).sort().join())\n`,
    )
    const imported = await command(`${door}: import`, 'import.mjs', [], folder)
    const required = await command(`${door}: require()`, 'require.cjs', [], folder)
    check(`${door}: import and require() give the same names`, () => {
      const names = (output) =>
        (output?.trim().split('\n').at(-1) ?? '')
          .split(',')
          .filter((name) => !/^(__esModule|module\.exports)$/.test(name))
      return names(imported).join() !== names(required).join() && `${imported} is not ${required}`
    })
  }
  const lines = [...each.doors.keys()].map(
    (door, index) =>
      `import * as door${index} from '${door}'\nexport const names${index}: string[] = Object.keys(door${index})\n`,
  )
  writeFileSync(join(folder, 'use.ts'), lines.join(''))
  for (const [label, options] of [
    ['nodenext', { module: 'nodenext', moduleResolution: 'nodenext' }],
    ['bundler', { module: 'esnext', moduleResolution: 'bundler' }],
  ]) {
    const compilerOptions = {
      ...options,
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: false,
      types: platformFree.has(each.name) ? [] : ['node'],
    }
    writeFileSync(
      join(folder, `tsconfig.${label}.json`),
      JSON.stringify({ compilerOptions, files: ['use.ts'] }),
    )
    await command(
      `${each.name}: TypeScript, ${label}`,
      tool('typescript', 'bin/tsc'),
      ['-p', `tsconfig.${label}.json`],
      folder,
    )
  }
  for (const name of Object.keys(each.manifest.bin ?? {})) {
    const file = join(folder, 'node_modules', '.bin', name)
    await program(`${each.name}: ${name} --help`, file, ['--help'], folder)
  }
}

/** What the guide on blocking calls says of bundles: a program and the worker thread's file, in a folder without any packages. */
async function bundle(folder) {
  const { startDevServer } = await import(join(root, 'packages', 'devserver', 'dist', 'index.js'))
  const server = await startDevServer()
  try {
    for (const [format, worker] of [
      ['cjs', `require('node:path').join(__dirname, 'worker.js')`],
      ['esm', `new URL('./worker.js', import.meta.url)`],
    ]) {
      const code = `
        import { ClusterDefinition, DataSet } from '@aero/sync'
        using cluster = new ClusterDefinition({ hosts: process.argv[2] }).connect({ worker: ${worker} })
        const key = DataSet.of('test', 'bundled').id('${format}')
        cluster.createSession().put(key, { a: 1 })
        console.log(cluster.createSession().get(key).bins.a)
      `
      writeFileSync(join(folder, 'program.js'), code)
      const out = join(work, `bundle-${format}`)
      const entries = ['program=./program.js', 'worker=@aero/sync/worker']
      const options = ['--bundle', '--platform=node', '--target=node20', `--format=${format}`]
      const esbuild = tool('.bin', 'esbuild')
      await program(
        `@aero/sync: a bundle, ${format}`,
        esbuild,
        [...entries, ...options, `--outdir=${out}`],
        folder,
      )
      writeFileSync(
        join(out, 'package.json'),
        JSON.stringify({ type: format === 'cjs' ? 'commonjs' : 'module' }),
      )
      const printed = await command(`@aero/sync: a bundle runs, ${format}`, 'program.js', [server.seeds], out)
      check(
        `@aero/sync: a bundle reads what it wrote, ${format}`,
        () => printed?.trim() !== '1' && `${printed}`,
      )
    }
  } finally {
    await server.close()
  }
}

function tool(name, file) {
  return join(here, 'node_modules', name, file)
}

function check(question, answer) {
  const complaint = answer()
  if (complaint) {
    counts.failed++
    console.log(`FAIL ${question}\n     ${complaint}`)
  } else {
    counts.passed++
  }
}

/** Runs a JavaScript file with this Node; gives what it printed, `undefined` when it failed. */
function command(question, file, args, cwd) {
  return program(question, process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], cwd)
}

async function program(question, file, args, cwd) {
  const { code, text, out } = await run(file, args, cwd)
  check(question, () => code !== 0 && `exit code ${code}\n${text.trim().replace(/^/gm, '     ')}`)
  return code === 0 ? out || ' ' : undefined
}

function run(file, args, cwd) {
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
  // An outer `npm test` must not tell the inner npm where it is.
  for (const name of Object.keys(env))
    if (/^npm_(config_local_prefix$|package_|lifecycle_)/.test(name)) delete env[name]
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 })
    let text = ''
    let out = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      text += chunk
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code: code ?? signal, text, out }))
  })
}
