import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hex, loadVectors, toHex, vectorsFolder } from '@aero/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DevServer, startDevServer } from '../src/index.ts'
import { RawClient } from './raw-client.ts'
import { WAITING } from './waiting-vectors.ts'

const GROUPS = [
  'keys',
  'values',
  'single',
  'errors',
  'info',
  'batch',
  'lists',
  'maps',
  'bitwise',
  'hll',
  'scan',
  'operate',
  'exp',
  'exp_lists',
  'exp_maps',
  'exp_bit',
  'exp_hll',
  'cdt_path',
  'udf',
]
/** Groups whose program waits after each change of an index, so that each gets a server and a process of its own. */
const SLOW_GROUPS = ['sindex', 'query', 'background']
/** The group `raw` is split, each part with a server of its own: one of its requests is a job over the whole set. */
const RAW_PARTS = 8
const vectors = vectorsFolder() ?? ''

/** The server as it was when the vectors were recorded: one node on port 3000, one namespace. */
function startAsRecorded(): Promise<DevServer> {
  return startDevServer({
    namespaces: ['test'],
    clusterName: 'single',
    replicationFactor: 1,
    accessPorts: [3000],
    workDirectory: '/opt/asd/run1',
  })
}

/** The recordings are not part of the repository. */
describe.skipIf(vectors === '')('the exchanges recorded from a real server', () => {
  let server: DevServer
  beforeAll(async () => {
    server = await startAsRecorded()
  })
  afterAll(() => server.close())

  it('are answered alike, except those that wait', { timeout: 60_000 }, async () => {
    const { output, differing } = await replay()
    const waiting = Object.values(WAITING).flat()
    expect(
      differing.filter((name) => !waiting.includes(name)),
      'answered otherwise than by the real server',
    ).toEqual([])
    expect(
      waiting.filter((name) => !differing.includes(name)),
      'answered alike by now: take them off the list',
    ).toEqual([])
    expect(output).toMatch(/\d+ match/)
  })

  it('leave the record as they left it on the real server', { timeout: 60_000 }, async () => {
    const waiting = new Set(Object.values(WAITING).flat())
    const checked: string[] = []
    for (const vector of loadVectors('raw')) {
      const after = vector['recordAfter'] as readonly string[] | undefined
      const recorded = after?.[0]
      const isWaiting = waiting.has(`raw/${vector.name}`)
      if (vector.requestHex === undefined || recorded === undefined || isWaiting) continue
      const client = await RawClient.open(server.node(0).port)
      for (const { requestHex } of vector.setup ?? []) await client.ask(hex(requestHex))
      client.send(hex(vector.requestHex))
      for (const _ of vector.responseHex ?? []) await client.frame()
      client.close()
      const reader = await RawClient.open(server.node(0).port)
      const record = await reader.ask(readAll(hex(vector.setup?.at(-1)?.requestHex ?? vector.requestHex)))
      reader.close()
      expect(toHex(record), vector.name).toBe(recorded)
      checked.push(vector.name)
    }
    expect(checked.length).toBeGreaterThan(50)
  })
})

/**
 * Runs the recordings' own program, several at a time, since it waits for answers that do not come.
 * Returns the names of what differed, as `group/name`, and what the programs printed.
 */
async function replay(): Promise<{ readonly output: string; readonly differing: readonly string[] }> {
  const parts = await mkdtemp(join(tmpdir(), 'aero-vectors-'))
  try {
    const runs = [runReplay(GROUPS.map((group) => join(vectors, `${group}.jsonl`)))]
    for (const group of SLOW_GROUPS) runs.push(runReplay([join(vectors, `${group}.jsonl`)]))
    for (const file of await splitLines(join(vectors, 'raw.jsonl'), parts)) runs.push(runReplay([file]))
    const output = (await Promise.all(runs)).join('')
    return { output, differing: [...output.matchAll(/^DIFF (.+)$/gm)].map((match) => match[1] ?? '') }
  } finally {
    await rm(parts, { recursive: true })
  }
}

/** Spreads a file's lines over {@link RAW_PARTS} files in a folder. */
async function splitLines(file: string, target: string): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
  const files: string[] = []
  for (let part = 0; part < RAW_PARTS; part++) {
    const name = join(target, `raw-${part}.jsonl`)
    await writeFile(name, lines.filter((_, index) => index % RAW_PARTS === part).join('\n'))
    files.push(name)
  }
  return files
}

async function runReplay(files: readonly string[]): Promise<string> {
  await using server = await startAsRecorded()
  const { port } = server.node(0)
  return await new Promise((resolve, reject) => {
    const program = [join(vectors, 'replay.cjs'), '--port', String(port), ...files]
    execFile(process.execPath, program, { encoding: 'utf8' }, (error, output, errors) => {
      // Exit status 1 says that something differs.
      if (error === null || error.code === 1) resolve(output)
      else reject(new Error(`replay.cjs failed: ${errors}`, { cause: error }))
    })
  })
}

/** A read of all bins of the record that a request is about: its namespace, set and digest, nothing else. */
function readAll(request: Uint8Array): Uint8Array {
  const view = new DataView(request.buffer, request.byteOffset, request.byteLength)
  const fields: Uint8Array[] = []
  let position = 30
  for (let left = view.getUint16(26); left > 0 && position < request.length; left--) {
    const end = position + 4 + view.getUint32(position)
    if (view.getUint8(position + 4) === 0 || view.getUint8(position + 4) === 4)
      fields.push(request.slice(position, end))
    position = end
  }
  const header = new Uint8Array(30)
  header.set([2, 3])
  header.set([22, 3], 8)
  const body = Buffer.concat([header, ...fields])
  const target = new DataView(body.buffer, body.byteOffset, body.byteLength)
  target.setUint32(4, body.length - 8)
  target.setUint16(26, fields.length)
  return body
}
