// The table as rules for dependency-cruiser.
const {
  packages,
  doors,
  testDoors,
  testedWithDevserver,
  testedWithLua,
  folders,
  builtins,
} = require('./table.cjs')

const names = Object.keys(packages)
const sourceFile = (name, file = '') => `^packages/${name}/src/${file}`
const notTests = ['\\.test\\.ts$', '\\.test-d\\.ts$', '\\.bench\\.ts$']
const doorsOf = (name) => (doors[name] ?? ['index']).map((file) => sourceFile(name, `${file}\\.ts$`))
const testDoorsOf = (name) => (testDoors[name] ?? []).map((file) => sourceFile(name, `${file}\\.ts$`))

const layers = names.map((name) => ({
  name: `layer-${name}`,
  comment: `The sources of ${name} import ${packages[name].join(', ') || 'no other package'}, by their doors.`,
  severity: 'error',
  from: { path: sourceFile(name), pathNot: notTests },
  to: {
    path: '^(packages|apps|tooling)/',
    pathNot: [
      `^packages/${name}/`,
      // How its program reads its words: bundled with it.
      ...(name === 'devserver' ? ['^tooling/build/command-line\\.(js|d\\.ts)$'] : []),
      ...packages[name].flatMap(doorsOf),
    ],
  },
}))

const testLayers = names.map((name) => {
  const devserver = [
    ...(testedWithDevserver.includes(name) ? doorsOf('devserver') : []),
    ...(testedWithLua.includes(name) ? doorsOf('lua') : []),
  ]
  const siblings = packages[name].flatMap((sibling) => [...doorsOf(sibling), ...testDoorsOf(sibling)])
  // The parity suite of sync runs the cases of async.
  const cases = name === 'sync' ? ['^packages/async/test/integration/'] : []
  return {
    name: `test-layer-${name}`,
    comment: `Tests of ${name} see what it sees, the testkit${devserver.length > 0 ? ' and the dev server' : ''}.`,
    severity: 'error',
    from: { path: `^packages/${name}/(src/.*\\.(test|test-d|bench)\\.ts$|test/|bench/)` },
    to: {
      path: '^(packages|apps|tooling)/',
      pathNot: [
        `^packages/${name}/`,
        '^tooling/testkit/src/(balancer|certificates|index|strange-server)\\.ts$',
        // What benches measure with, and programs read their words with.
        '^tooling/build/(measure|command-line|soak-options)\\.(js|d\\.ts)$',
        ...siblings,
        ...devserver,
        ...cases,
      ],
    },
  }
})

const folderOrder = Object.entries(folders).flatMap(([name, rows]) =>
  rows.flatMap((row, index) =>
    row.map((folder) => {
      const others = rows
        .slice(index)
        .flat()
        .filter((other) => other !== folder)
      return {
        name: `order-${name}-${folder}`,
        comment: `In ${name}: ${rows.map((each) => each.join(', ')).join(' < ')}. ${folder} may only look left.`,
        severity: 'error',
        from: { path: sourceFile(name, `${folder}/`), pathNot: notTests },
        to: {
          path: sourceFile(name, `(${[...others.map((other) => `${other}/`), 'index\\.ts$'].join('|')})`),
        },
      }
    }),
  ),
)

const asyncOrder = [
  {
    name: 'order-async-plan',
    comment: 'A plan is data: it knows neither how it is run nor what comes back.',
    severity: 'error',
    from: { path: sourceFile('async', 'plan/'), pathNot: notTests },
    to: { path: sourceFile('async', '(run/|(open-tended|cluster|cluster-definition)\\.ts$|index\\.ts$)') },
  },
  {
    name: 'order-async-result',
    comment: 'Results do not know how they were obtained.',
    severity: 'error',
    from: { path: sourceFile('async', 'result/'), pathNot: notTests },
    to: { path: sourceFile('async', '(run/|(open-tended|cluster|cluster-definition)\\.ts$|index\\.ts$)') },
  },
  {
    name: 'order-async-run',
    comment: 'The door and the composition root stand above everything.',
    severity: 'error',
    from: { path: sourceFile('async', 'run/'), pathNot: notTests },
    to: { path: sourceFile('async', '((open-tended|cluster|cluster-definition)\\.ts$|index\\.ts$)') },
  },
  {
    name: 'only-open-tended-wires',
    comment:
      'async puts transport together in its composition root, and the commands on records, batches and queries are Exchanges, so that the hot path needs no object between them. Types may be named anywhere.',
    severity: 'error',
    from: {
      path: sourceFile('async'),
      pathNot: [
        ...notTests,
        sourceFile(
          'async',
          '(open-tended|run/record-command|run/run-batch|run/node-streams|run/run-background)\\.ts$',
        ),
      ],
    },
    to: { path: '^packages/transport/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'order-sync-bridge',
    comment: 'The bridge carries messages; it does not know the API on top of it.',
    severity: 'error',
    from: { path: sourceFile('sync', 'bridge/'), pathNot: notTests },
    to: { path: sourceFile('sync', '[^/]+\\.ts$') },
  },
]

const platform = names.map((name) => {
  const rows = builtins[name]
  return rows.length === 0
    ? {
        name: `platform-${name}`,
        comment: `${name} is pure: nothing from Node.`,
        severity: 'error',
        from: { path: sourceFile(name), pathNot: notTests },
        to: { dependencyTypes: ['core'] },
      }
    : null
})

// A file that no row names may use nothing from Node; a file that a row names, only what the row says.
const platformByFile = names.flatMap((name) => {
  const rows = builtins[name]
  if (rows.length === 0) return []
  const unnamed = {
    name: `platform-${name}`,
    comment: `In ${name} only ${rows.map((row) => row.files.replaceAll('\\', '')).join(', ')} may use Node's modules.`,
    severity: 'error',
    from: {
      path: sourceFile(name),
      pathNot: [...notTests, ...rows.map((row) => sourceFile(name, `${row.files}$`))],
    },
    to: { dependencyTypes: ['core'] },
  }
  const files = [...new Set(rows.map((row) => row.files))].map((file) => {
    const allowed = rows.filter((row) => row.files === file || row.files === '.*').map((row) => row.modules)
    return {
      name: `platform-${name}-${file.replace(/\W+/g, '-')}`,
      comment: `In ${name}, ${file.replaceAll('\\', '')} may use ${allowed.join('|')} from Node.`,
      severity: 'error',
      from: {
        path: sourceFile(name, `${file}$`),
        pathNot:
          file === '.*'
            ? [
                ...notTests,
                ...rows.filter((row) => row.files !== '.*').map((row) => sourceFile(name, `${row.files}$`)),
              ]
            : notTests,
      },
      to: { dependencyTypes: ['core'], pathNot: `^(node:)?(${allowed.join('|')})$` },
    }
  })
  return [unnamed, ...files]
})

const everywhere = [
  {
    name: 'no-cycles',
    comment: 'Two files that need each other are one file, or need a third.',
    severity: 'error',
    from: { path: '^(packages|apps|tooling)/' },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-undeclared',
    comment: 'What is imported stands in the package.json of the importer.',
    severity: 'error',
    from: { path: '^(packages|apps|tooling)/' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-unresolvable',
    comment:
      'The imported file does not exist. (The official client is installed by the benchmark, on demand.)',
    severity: 'error',
    from: { path: '^(packages|apps|tooling)/' },
    to: { couldNotResolve: true, pathNot: '^aerospike$' },
  },
  {
    name: 'no-test-things-in-sources',
    comment: 'A devDependency is not there for a user.',
    severity: 'error',
    from: { path: '^packages/[^/]+/src/', pathNot: notTests },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'apps-use-the-front-door',
    comment:
      'Apps are users: sdk, and the dev server to run on. (The floor of the benchmark encodes its requests with codec.)',
    severity: 'error',
    from: { path: '^apps/', pathNot: '^apps/benchmark/src/contestants/floor\\.ts$' },
    to: {
      path: '^packages/',
      pathNot: [...doorsOf('sdk'), ...doorsOf('devserver')],
    },
  },
  {
    name: 'no-way-into-apps',
    comment: 'Nobody imports an app, and an app imports no other.',
    severity: 'error',
    from: { path: '^(packages|tooling|apps)/([^/]+)/' },
    to: { path: '^apps/([^/]+)/', pathNot: '^apps/$2/' },
  },
  {
    name: 'tooling-stands-apart',
    comment:
      'Tooling must work while packages are broken; only what looks at them from outside imports them.',
    severity: 'error',
    from: { path: '^tooling/', pathNot: '^tooling/(consumer|snippets)/' },
    to: { path: '^packages/' },
  },
]

module.exports = {
  forbidden: [
    ...layers,
    ...testLayers,
    ...folderOrder,
    ...asyncOrder,
    ...platform.filter(Boolean),
    ...platformByFile,
    ...everywhere,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(packages|apps|tooling)/[^/]+/(dist|\\.tsc|\\.cache|\\.turbo)/' },
    // Types count: an arrow that only the compiler sees is still an arrow.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@aero/source', 'import', 'node', 'types', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.cjs', '.d.ts'],
    },
  },
}
