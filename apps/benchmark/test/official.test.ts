import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DevServer, type DevServerOptions, type DevServerTls, startDevServer } from '@aero/devserver'
import { CertificateAuthority } from '@aero/testkit/certificates'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { installOfficialClient, OFFICIAL_FOLDER } from '../src/official-client.ts'

/*
 * The official client against the dev server: what the server says of TLS, logins, racks and addresses is not only our own opinion.
 * Needs the official client, which is installed on demand, so it runs by `npm run test:official` only.
 */

const KEYS = 100
const SUM = (KEYS * (KEYS - 1)) / 2

/** A failure as the official client tells it. */
class Refusal extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(`${message} (${code})`)
    this.code = code
  }
}

class OfficialClient {
  readonly #child: ChildProcess
  #settle: { resolve: (value: unknown) => void; reject: (error: Error) => void } | undefined

  private constructor(child: ChildProcess) {
    this.#child = child
    child.on('message', (message: { value?: unknown; code?: number; message?: string }) => {
      const { code, message: text } = message
      if (code === undefined) this.#settle?.resolve(message.value)
      else this.#settle?.reject(new Refusal(code, text ?? ''))
    })
    child.on('exit', (code, signal) => this.#settle?.reject(new Error(`the client ended: ${code ?? signal}`)))
  }

  static async start(): Promise<OfficialClient> {
    const file = fileURLToPath(new URL('official-client.cjs', import.meta.url))
    const client = new OfficialClient(fork(file, [OFFICIAL_FOLDER], { execArgv: [] }))
    await client.#answer()
    return client
  }

  do(method: string, ...words: readonly unknown[]): Promise<unknown> {
    this.#child.send([method, ...words])
    return this.#answer()
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    await this.do('close').catch(() => undefined)
    await new Promise((resolve) => {
      this.#child.once('exit', resolve)
      this.#settle = undefined
      this.#child.kill()
    })
  }

  #answer(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
  }
}

describe.skipIf(process.env['AERO_OFFICIAL'] === undefined)(
  'the official client (needs AERO_OFFICIAL)',
  { timeout: 60_000 },
  () => {
    let folder = ''
    let tls: DevServerTls
    const opened: { close(): Promise<void> }[] = []
    const file = (name: string): string => join(folder, name)

    beforeAll(async () => {
      installOfficialClient((line) => console.log(line))
      folder = mkdtempSync(join(tmpdir(), 'aero-official-'))
      const authority = await CertificateAuthority.create('authority')
      const { cert, key } = await authority.issue({ name: 'db.example', dns: ['db.example'] })
      tls = { cert, key, ca: authority.cert, tlsName: 'db.example' }
      const ann = await authority.issue({ name: 'ann' })
      writeFileSync(file('ca.pem'), authority.cert)
      writeFileSync(file('ann.pem'), ann.cert)
      writeFileSync(file('ann.key'), ann.key)
    }, 120_000)

    afterEach(async () => {
      for (const each of opened.splice(0).reverse()) await each.close()
    })

    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    async function start(options: DevServerOptions): Promise<DevServer> {
      const server = await startDevServer({ nodes: 3, ...options })
      opened.push(server)
      return server
    }

    async function connect(config: object): Promise<OfficialClient> {
      const client = await OfficialClient.start()
      opened.push(client)
      await client.do('connect', config)
      return client
    }

    async function work(client: OfficialClient): Promise<void> {
      await client.do('write', 'official', KEYS)
      expect(await client.do('read', 'official', KEYS)).toBe(SUM)
      expect(await client.do('batch', 'official', KEYS)).toEqual(Array.from({ length: KEYS }, () => 0))
    }

    const codeOf = async (attempt: Promise<unknown>): Promise<number> => {
      try {
        await attempt
      } catch (error) {
        return (error as Refusal).code
      }
      return 0
    }

    const tlsConfig = (): object => ({
      enable: true,
      cafile: file('ca.pem'),
      certfile: file('ann.pem'),
      keyfile: file('ann.key'),
    })
    const users = {
      ann: { password: 'secret', roles: ['read-write'] },
      root: { password: 'secret', roles: ['user-admin'] },
      reader: { password: 'secret', roles: ['read'] },
    }

    it('logs in with user and password, on all nodes', async () => {
      const server = await start({ security: { users } })
      const client = await connect({ hosts: server.seeds, user: 'ann', password: 'secret' })
      await work(client)
      expect(await client.do('nodes')).toHaveLength(3)
      expect(server.security.logins).toBe(3)
    })

    it('is refused with the codes that it knows', async () => {
      const server = await start({ security: { users } })
      const as = (user: string, password: string): Promise<OfficialClient> =>
        connect({ hosts: server.seeds, user, password })
      expect([await codeOf(as('ann', 'wrong')), await codeOf(as('nobody', 'secret'))]).toEqual([62, 60])
      const reader = await as('reader', 'secret')
      expect(await codeOf(reader.do('write', 'official', 1))).toBe(81)
      expect(await codeOf(reader.do('administer', 'queryUsers'))).toBe(81)
    })

    it('manages users and roles', async () => {
      const server = await start({ security: { users } })
      const root = await connect({ hosts: server.seeds, user: 'root', password: 'secret' })
      await root.do('administer', 'createUser', 'new', 'first', ['read'])
      await root.do('administer', 'grantRoles', 'new', ['write'])
      await root.do('administer', 'createRole', 'limited', [10], null, ['127.0.0.1'], 100, 50)
      await root.do('administer', 'grantRoles', 'new', ['limited'])
      expect(await root.do('administer', 'queryUser', 'new')).toMatchObject({
        name: 'new',
        roles: ['limited', 'read', 'write'],
      })
      expect(await root.do('administer', 'queryRole', 'limited')).toMatchObject({
        name: 'limited',
        whitelist: ['127.0.0.1'],
        readQuota: 100,
        writeQuota: 50,
      })
      const all = (await root.do('administer', 'queryUsers')) as { name: string }[]
      expect(all.map(({ name }) => name).sort()).toEqual(['ann', 'new', 'reader', 'root'])
      const client = await connect({ hosts: server.seeds, user: 'new', password: 'first' })
      await work(client)
      await root.do('administer', 'dropUser', 'new')
      expect(await codeOf(client.do('write', 'official', 1))).toBe(80)
    })

    it.each<[string, object, number]>([
      ['without a user', {}, 0],
      ['with a hashed password', { user: 'ann', password: 'secret' }, 3],
      ['with the password itself', { user: 'ann', password: 'secret', authMode: 1 }, 3],
      ['by certificate', { authMode: 3 }, 3],
    ])('connects through TLS, %s', async (_how, credentials, logins) => {
      const server = await start({ tls, ...(logins > 0 && { security: { users } }) })
      const hosts = server.nodes.map(({ tlsPort }) => ({
        addr: '127.0.0.1',
        port: tlsPort,
        tlsname: 'db.example',
      }))
      const client = await connect({ hosts, tls: tlsConfig(), ...credentials })
      await work(client)
      expect(await client.do('nodes')).toHaveLength(3)
      expect(server.nodes.every((node) => node.connections === node.connectionsThroughTls)).toBe(true)
      if (logins > 0) expect(server.security.logins).toBe(logins)
    })

    it('reads from the rack that it prefers', async () => {
      const server = await start({ replicationFactor: 3, racks: [1, 2, 3] })
      const client = await connect({
        hosts: server.seeds,
        rackAware: true,
        rackId: 2,
        replica: 'PREFER_RACK',
      })
      await client.do('write', 'official', KEYS)
      const before = server.nodes.map(({ commands }) => commands)
      expect(await client.do('read', 'official', KEYS)).toBe(SUM)
      expect(server.nodes.map(({ commands }, index) => commands - (before[index] as number))).toEqual([
        0,
        KEYS,
        0,
      ])
    })

    it('goes by alternate addresses', async () => {
      const server = await start({ accessPorts: [1, 1, 1] })
      for (const node of server.nodes) node.publish({ alternate: `127.0.0.1:${node.port}` })
      const hosts = `127.0.0.1:${server.node(0).port}`
      const client = await connect({ hosts, useAlternateAccessAddress: true })
      await work(client)
      expect(await client.do('nodes')).toHaveLength(3)
    })

    it('checks the name of the cluster', async () => {
      const server = await start({ clusterName: 'ours' })
      await work(await connect({ hosts: server.seeds, clusterName: 'ours' }))
      expect(await codeOf(connect({ hosts: server.seeds, clusterName: 'theirs' }))).not.toBe(0)
    })

    it('goes on when sessions end on the server', async () => {
      const server = await start({ security: { users } })
      const client = await connect({ hosts: server.seeds, user: 'ann', password: 'secret' })
      await work(client)
      const before = server.security.logins
      server.security.expireSessions()
      // Connections that are open stay; those that are opened anew need another login.
      await client.do('write', 'official', KEYS)
      for (const node of server.nodes) node.dropNext(1)
      await client.do('write', 'official', KEYS).catch(() => undefined)
      await expect.poll(() => codeOf(client.do('write', 'official', KEYS)), { timeout: 20_000 }).toBe(0)
      expect(await client.do('read', 'official', KEYS)).toBe(SUM)
      expect(server.security.logins).toBeGreaterThan(before)
    })

    it('loses a node, and finds it again at another address', async () => {
      const server = await start({})
      const client = await connect({ hosts: server.seeds })
      await client.do('write', 'official', KEYS)
      const node = server.node(1)
      await node.kill()
      await expect.poll(() => client.do('nodes'), { timeout: 20_000 }).toHaveLength(2)
      await node.restart({ port: 0 })
      await expect
        .poll(() => client.do('nodes'), { timeout: 20_000 })
        .toContain(`${node.name} 127.0.0.1:${node.port}`)
      expect(await client.do('read', 'official', KEYS)).toBe(SUM)
    })
  },
)
