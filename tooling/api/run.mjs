// What the built packages promise, as text: docs/api/<door>.api.md, one for each door. Without arguments it compares: a promise that
// is gone or reads otherwise fails, a new one that is not written down yet is told. With --update it writes. The packages must be
// built.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor'

const root = fileURLToPath(new URL('../../', import.meta.url))
const reports = join(root, 'docs', 'api')
const work = mkdtempSync(join(tmpdir(), 'aero-api-'))
const updates = process.argv.includes('--update')
/** A worker's main file is started by Node; nobody imports it. */
const NOT_IMPORTED = new Set(['./package.json', './worker'])

const counts = { passed: 0, failed: 0 }
mkdirSync(reports, { recursive: true })
const written = new Set()
try {
  for (const name of readdirSync(join(root, 'packages'))) {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
    for (const [door, { types }] of Object.entries(manifest.exports))
      if (!NOT_IMPORTED.has(door)) judge(name, manifest, door, types)
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
for (const file of readdirSync(reports)) if (!written.has(file)) outdated(file, 'there is no such door')
console.log(`${counts.passed} passed, ${counts.failed} failed`)
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1

function judge(name, manifest, door, types) {
  const file = `${[name, ...door.split('/').slice(1)].join('-')}.api.md`
  written.add(file)
  const found = extract(join(root, 'packages', name), manifest, types, file)
  const path = join(reports, file)
  const known = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (found === known) counts.passed++
  else if (updates) {
    writeFileSync(path, found)
    counts.passed++
    console.log(`written: docs/api/${file}`)
  } else compare(file, promisesOf(known), promisesOf(found))
}

/** The lines of a report that say something: no comments, and no imports, which name what others promise. */
function promisesOf(report) {
  return new Set(
    report
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !/^(\/\/|\/\*|\*|import )/.test(line)),
  )
}

function compare(file, known, found) {
  const lost = [...known].filter((line) => !found.has(line))
  const fresh = [...found].filter((line) => !known.has(line))
  if (lost.length > 0) return outdated(file, `these lines are gone:\n  ${lost.slice(0, 5).join('\n  ')}`)
  counts.passed++
  console.log(`docs/api/${file} lags behind: \`npm run api\` would add ${fresh.length} lines`)
}

function outdated(file, why) {
  if (updates) rmSync(join(reports, file))
  else {
    counts.failed++
    console.log(`docs/api/${file} is not what the package promises now: ${why}`)
    console.log('If that is meant, run `npm run api` and let the difference be part of the change.')
  }
}

function extract(folder, manifest, types, file) {
  const entry = join(folder, types)
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(folder, 'package.json'),
    packageJson: manifest,
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: entry,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2022',
            lib: ['es2023', 'esnext.disposable'],
            module: 'nodenext',
            moduleResolution: 'nodenext',
            strict: true,
            skipLibCheck: true,
            types: ['node'],
            typeRoots: [join(root, 'node_modules', '@types')],
          },
          files: [entry],
        },
      },
      apiReport: { enabled: true, reportFileName: file, reportFolder: work, reportTempFolder: work },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: { default: { logLevel: 'none' } },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  })
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true
      if (message.logLevel === 'error') console.log(`${file}: ${message.text}`)
    },
  })
  if (!succeeded) throw new Error(`${file}: the types of the package could not be read`)
  return readFileSync(join(work, file), 'utf8')
}
