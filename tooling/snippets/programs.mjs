// Makes programs out of blocks: those that belong together in one file, imports first, each later block in a scope of its own.
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'

/** What a block may use without saying where it comes from. */
const stage = [
  ['server', [], ''],
  [
    'cluster',
    ['ClusterDefinition'],
    "await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()",
  ],
  ['session', ['Behavior'], 'const session = cluster.createSession(Behavior.DEFAULT)', ['cluster']],
  ['users', ['DataSet'], "const users = DataSet.of('test', 'users')"],
].filter(([, , code]) => code !== '')

/** Blocks that share their names, as lists. */
export function groupsOf(blocks) {
  const groups = []
  for (const block of blocks) {
    if (block.flags.has('no-check')) continue
    const last = groups.at(-1)
    const goesOn =
      last?.[0].page === block.page &&
      !block.comment &&
      (block.flags.has('continued') || !hasImports(block.code))
    if (goesOn) last.push(block)
    else groups.push([block])
  }
  return groups
}

/**
 * The text of a program and, per line, the block it comes from. `port` takes the place of the 3000 that the pages say.
 */
export function programOf(group, { root, folder, port }) {
  const lines = []
  const origins = []
  const add = (text, block, firstLine) => {
    text.split('\n').forEach((line, index) => {
      lines.push(withPort(line, port))
      origins.push(block && { block, line: firstLine + index })
    })
  }
  const parsed = group.map((block) => ({ block, ...parse(block.code) }))
  const declared = new Set(parsed.flatMap(({ names }) => [...names]))
  const used = new Set(parsed.flatMap(({ identifiers }) => [...identifiers]))
  const staged = stageFor(used, declared)
  for (const { needs } of staged) for (const name of needs) used.add(name)
  const missing = [...used].filter((name) => !declared.has(name))
  for (const line of importsFor(missing, group[0], staged, { root, folder })) add(line)
  for (const { block, imports } of parsed)
    for (const each of imports) add(each.text, block, block.line + each.line)
  for (const { code } of staged) add(code)
  parsed.forEach(({ block, body }, index) => {
    if (index > 0) add('{')
    add(body, block, block.line)
  })
  add('}'.repeat(group.length - 1))
  add('export {}')
  return { text: lines.join('\n'), origins }
}

function hasImports(code) {
  return parse(code).imports.length > 0
}

function parse(code) {
  const file = ts.createSourceFile('block.ts', code, ts.ScriptTarget.Latest, true)
  const imports = []
  const names = new Set()
  const identifiers = new Set()
  let body = code
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      const start = statement.getStart()
      const end = statement.getEnd()
      imports.push({ text: code.slice(start, end), line: file.getLineAndCharacterOfPosition(start).line })
      body = body.slice(0, start) + code.slice(start, end).replace(/[^\n]/g, ' ') + body.slice(end)
    }
  }
  const visit = (node) => {
    if (ts.isIdentifier(node)) {
      const { parent } = node
      if (isDeclaration(parent) && parent.name === node) names.add(node.text)
      else if (!(ts.isPropertyAccessExpression(parent) && parent.name === node)) identifiers.add(node.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return { imports, names, identifiers, body }
}

function isDeclaration(node) {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isBindingElement(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportSpecifier(node) ||
    ts.isNamespaceImport(node) ||
    ts.isImportClause(node) ||
    ts.isParameter(node)
  )
}

function stageFor(used, declared) {
  const wanted = new Set()
  const want = (name) => {
    const row = stage.find(([each]) => each === name)
    if (!row || declared.has(name) || wanted.has(name)) return
    wanted.add(name)
    for (const other of row[3] ?? []) want(other)
  }
  for (const name of used) want(name)
  return stage.filter(([name]) => wanted.has(name)).map(([, needs, code]) => ({ needs, code }))
}

/** A doc comment need not import what stands beside it: the file's own names, then the package's, then the SDK's. */
function importsFor(missing, block, staged, { root, folder }) {
  const places = []
  if (block.comment) {
    const own = relative(folder, join(root, block.page)).replaceAll('\\', '/')
    places.push([own, exportsOf(readFileSync(join(root, block.page), 'utf8'))])
    const [, name] = /^packages\/([^/]+)/.exec(block.page)
    places.push([`@aero/${name}`, doorNames(root, name)])
  }
  if (block.comment || staged.length > 0) places.push(['@aero/sdk', doorNames(root, 'sdk')])
  const left = new Set(
    block.comment ? missing : staged.flatMap(({ needs }) => needs).filter((name) => missing.includes(name)),
  )
  return places.flatMap(([from, names]) => {
    const here = [...left].filter((name) => names.has(name))
    for (const name of here) left.delete(name)
    return here.length > 0 ? [`import { ${here.join(', ')} } from '${from}'`] : []
  })
}

function doorNames(root, name) {
  const file = join(root, 'packages', name, 'src', 'index.ts')
  return exportsOf(readFileSync(file, 'utf8'), dirname(file))
}

function exportsOf(text) {
  const names = new Set()
  const file = ts.createSourceFile('exports.ts', text, ts.ScriptTarget.Latest, true)
  for (const statement of file.statements) {
    if (
      ts.isExportDeclaration(statement) &&
      statement.exportClause &&
      ts.isNamedExports(statement.exportClause)
    ) {
      for (const each of statement.exportClause.elements) names.add(each.name.text)
    } else if (statement.modifiers?.some((each) => each.kind === ts.SyntaxKind.ExportKeyword)) {
      if (ts.isVariableStatement(statement)) {
        for (const each of statement.declarationList.declarations) names.add(each.name.getText())
      } else if (statement.name) names.add(statement.name.text)
    }
  }
  return names
}

function withPort(line, port) {
  return line
    .replace(/(['"](?:127\.0\.0\.1|localhost)['"],\s*)3000\b/g, `$1${port}`)
    .replace(/\b(127\.0\.0\.1|localhost):3000\b/g, `$1:${port}`)
}
