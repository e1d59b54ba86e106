// Who may import whom. The tables are allow-lists: a new arrow is a decision, and belongs in docs/decisions first.

/** package → the packages its sources may import, by their doors. */
const packages = {
  codec: [],
  config: [],
  ael: ['codec'],
  transport: ['codec'],
  tender: ['codec', 'transport'],
  async: ['codec', 'config', 'ael', 'tender', 'transport'],
  sync: ['codec', 'config', 'transport', 'tender', 'async'],
  sdk: ['async', 'sync', 'config', 'ael'],
  lua: ['codec'],
  devserver: ['codec', 'lua'],
}

/** package → the source files other packages may see. */
const doors = {
  async: ['index', 'plan/index', 'engine'],
  sdk: ['index', 'sync'],
  sync: ['index', 'bridge/worker'],
  lua: ['index', 'machine/index'],
}

/** Doors for tests only. */
const testDoors = { transport: ['testing/index'] }

/** Packages whose tests may start a dev server. */
const testedWithDevserver = ['transport', 'tender', 'async', 'sync', 'sdk']

/** Packages whose tests may finish aggregations in Lua, as an application may that installs it. */
const testedWithLua = ['async']

/**
 * package → its folders, from left to right. A folder imports what stands left of it; folders of one row do not know each
 * other. Files directly in src (errors, limits, the door) are not in the order.
 */
const folders = {
  // An expression may hold a path into a list or map, which is a cdt context.
  codec: [
    ['wire'],
    ['value'],
    ['frame'],
    ['message'],
    ['cdt', 'info'],
    ['expression'],
    ['collection'],
    ['command'],
  ],
  ael: [['text'], ['tree'], ['meaning'], ['emit']],
}

/** package → Node's modules that its sources may use, and the files that may. */
const builtins = {
  codec: [],
  ael: [],
  tender: [],
  sdk: [],
  config: [{ modules: 'fs|fs/promises', files: 'watch\\.ts' }],
  transport: [
    { modules: 'net|buffer', files: 'tcp-socket\\.ts' },
    { modules: 'tls|net|buffer', files: 'tls-socket\\.ts' },
    { modules: 'crypto|fs/promises', files: 'tls-material\\.ts' },
    { modules: 'dns|dns/promises|net', files: '(resolve|seeds)[a-z-]*\\.ts' },
    { modules: 'zlib', files: 'compression\\.ts' },
  ],
  async: [
    { modules: 'diagnostics_channel', files: 'telemetry\\.ts' },
    { modules: 'fs/promises|path', files: 'run/module-file\\.ts' },
  ],
  sync: [{ modules: 'worker_threads|module|url|path|fs', files: 'bridge/.*' }],
  lua: [],
  devserver: [
    { modules: 'net|tls|dns|zlib|crypto|events|timers', files: '.*' },
    { modules: 'process|util|fs|path', files: '(cli|arguments)\\.ts' },
  ],
}

module.exports = { packages, doors, testDoors, testedWithDevserver, testedWithLua, folders, builtins }
