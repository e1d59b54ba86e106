import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'tsup'

/** What became of a program. */
export interface ProgramOutcome {
  /** Exit code; `null` when it had to be killed because it did not end. */
  readonly code: number | null
  readonly output: string
  /** From the line `ready` on its output (or its start, when there was none) to its end, in milliseconds. */
  readonly endedAfterMs: number
}

/** The dev server's machine for functions loads a file that lies beside it, so it is not bundled. */
const machineWhereItIs: NonNullable<Parameters<typeof build>[0]['esbuildPlugins']>[number] = {
  name: 'machine-where-it-is',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^wasmoon$/ }, ({ importer, path }) => ({
      path: pathToFileURL(createRequire(importer).resolve(path)).href,
      external: true,
    }))
  },
}

/** A program of `test/programs`, made from the sources as they are now. */
export class Program {
  readonly #folder: string
  readonly #file: string

  private constructor(folder: string, file: string) {
    this.#folder = folder
    this.#file = file
  }

  static async build(name: string): Promise<Program> {
    const folder = await mkdtemp(join(tmpdir(), 'aero-program-'))
    await build({
      config: false,
      entry: [fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url))],
      tsconfig: fileURLToPath(new URL('../../tsconfig.test.json', import.meta.url)),
      outDir: folder,
      format: ['esm'],
      outExtension: () => ({ js: '.mjs' }),
      target: 'node20',
      noExternal: [/^@aero\//, 'bcryptjs'],
      esbuildOptions: (options) => {
        options.conditions = ['@aero/source']
      },
      esbuildPlugins: [machineWhereItIs],
      silent: true,
    })
    return new Program(folder, join(folder, `${basename(name)}.mjs`))
  }

  /** Runs it in a process of its own, which is killed when it has not ended by itself within `withinMs`. */
  run(words: readonly string[], withinMs = 15_000): Promise<ProgramOutcome> {
    const child = spawn(process.execPath, [this.#file, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let since = performance.now()
    const hear = (chunk: Buffer): void => {
      const wasReady = output.includes('ready')
      output += chunk.toString()
      if (!wasReady && output.includes('ready')) since = performance.now()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    const killer = setTimeout(() => child.kill('SIGKILL'), withinMs)
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code) => {
        clearTimeout(killer)
        resolve({ code, output, endedAfterMs: performance.now() - since })
      })
    })
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}
