import { resolve } from 'node:path'
import { defineConfig } from 'tsup'

/**
 * A class that names itself in its own body comes out of the bundler as `var Key = class _Key`, and users would read `_Key` in
 * their logs. A static field puts the name right; it has no side effect, so that bundlers can still drop the class.
 */
const classNames = {
  name: 'class-names',
  renderChunk: (code) => ({
    code: code.replace(
      /^var (\w+) = class _\1( extends [\w$.]+)? \{/gm,
      (head, name) => `${head} static name = "${name}";`,
    ),
  }),
}

const common = {
  format: ['esm'],
  target: 'node20',
  tsconfig: 'tsconfig.src.json',
  sourcemap: true,
  clean: true,
  silent: true,
  splitting: true,
  plugins: [classNames],
}

/** A package: ESM, declarations and source maps. Siblings stay external and are read through their own doors. */
export const library = (entry = { index: 'src/index.ts' }) =>
  defineConfig({
    ...common,
    entry,
    dts: {
      compilerOptions: {
        composite: false,
        // Declarations are made from the siblings' dist, as a user sees them, not from their sources.
        customConditions: [],
        // tsup does not expand ${configDir} in the preset's paths.
        rootDir: resolve('src'),
        outDir: resolve('dist'),
      },
    },
  })

/** A program: one entry, no declarations. */
export const application = (entry = { main: 'src/main.ts' }) => defineConfig({ ...common, entry })
