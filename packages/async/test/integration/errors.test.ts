import {
  AerospikeError,
  BinTypeError,
  DataSet,
  GenerationError,
  InvalidNamespaceError,
  RecordExistsError,
  RecordNotFoundError,
  RecordTooBigError,
  SerializeError,
} from '@aero/async'
import { GeoJson, type Key } from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { failureOf, useCluster } from '../support/test-cluster.ts'

const context = useCluster()

interface ErrorCase {
  readonly code: number
  readonly codeName: string
  readonly type: typeof AerospikeError
  readonly retryable: boolean
  /** Whether a server was asked at all. */
  readonly fromServer: boolean
  readonly provoke: (key: Key) => Promise<unknown>
}

const ERRORS: readonly ErrorCase[] = [
  {
    code: 2,
    codeName: 'KEY_NOT_FOUND_ERROR',
    type: RecordNotFoundError,
    retryable: false,
    fromServer: true,
    provoke: async (key) => {
      await context.session.delete(key).execute()
      await context.session.update(key).put({ a: 1 }).execute()
    },
  },
  {
    code: 3,
    codeName: 'GENERATION_ERROR',
    type: GenerationError,
    retryable: false,
    fromServer: true,
    provoke: (key) => context.session.upsert(key).put({ a: 2 }).ensureGenerationIs(9).execute(),
  },
  {
    code: 4,
    codeName: 'PARAMETER_ERROR',
    type: AerospikeError,
    retryable: false,
    fromServer: true,
    provoke: (key) => context.session.replace(key).bin('a').add(1).execute(),
  },
  {
    code: 5,
    codeName: 'KEY_EXISTS_ERROR',
    type: RecordExistsError,
    retryable: false,
    fromServer: true,
    provoke: (key) => context.session.insert(key).put({ a: 2 }).execute(),
  },
  {
    code: 12,
    codeName: 'BIN_TYPE_ERROR',
    type: BinTypeError,
    retryable: false,
    fromServer: true,
    provoke: (key) => context.session.upsert(key).bin('a').append('x').execute(),
  },
  {
    code: 13,
    codeName: 'RECORD_TOO_BIG',
    type: RecordTooBigError,
    retryable: false,
    fromServer: true,
    provoke: (key) => context.session.put(key, { a: 'x'.repeat(1024 * 1024 + 1) }),
  },
  {
    code: 19,
    codeName: 'KEY_MISMATCH',
    type: AerospikeError,
    retryable: false,
    fromServer: true,
    provoke: (key) =>
      context.session.put(Object.assign(context.dataSet.id('other'), { digest: key.digest }), { a: 2 }),
  },
  {
    code: 20,
    codeName: 'INVALID_NAMESPACE',
    type: InvalidNamespaceError,
    retryable: false,
    fromServer: false,
    provoke: () => context.session.get(DataSet.of('nowhere', 'set').id(1)),
  },
  {
    code: 25,
    codeName: 'ENTERPRISE_ONLY',
    type: AerospikeError,
    retryable: false,
    fromServer: true,
    provoke: (key) => context.session.delete(key).durableDelete().execute(),
  },
  {
    code: 160,
    codeName: 'INVALID_GEOJSON',
    type: AerospikeError,
    retryable: false,
    fromServer: true,
    provoke: (key) => context.session.put(key, { place: new GeoJson('{"type":"Nonsense"}') }),
  },
  {
    code: -10,
    codeName: 'SERIALIZE_ERROR',
    type: SerializeError,
    retryable: false,
    fromServer: false,
    provoke: (key) => context.session.put(key, { a: undefined } as never),
  },
]

async function prepare(): Promise<Key> {
  const key = context.freshKey()
  await context.session.put(key, { a: 1 })
  return key
}

describe('what an error says', () => {
  it.each(ERRORS)('$codeName ($code)', async ({ code, codeName, type, retryable, fromServer, provoke }) => {
    const key = await prepare()
    const error = await failureOf(provoke(key))
    expect(error).toBeInstanceOf(AerospikeError)
    expect(error).toBeInstanceOf(type)
    if (!(error instanceof AerospikeError)) throw error
    expect(error.name).toBe(type === AerospikeError ? 'AerospikeError' : type.name)
    expect(error).toMatchObject({ code, codeName, retryable, inDoubt: false })
    expect(error.message).toContain(codeName)
    expect(error.message).toContain(`(${code})`)
    expect(error.message).toContain(error.key?.toString())
    if (fromServer) {
      expect(error.node).toMatch(/.+ \(.+:\d+\)$/)
      expect(error.message).toContain(error.node)
    }
    expect(AerospikeError.is(error)).toBe(true)
  })

  it.each(ERRORS)('$codeName ($code) has the line of the caller in its stack', async ({ provoke }) => {
    const key = await prepare()
    const error = (await failureOf(provoke(key))) as Error
    expect(error.stack).toContain('errors.test.ts')
  })

  it('the stack names the function that asked, through every front', async () => {
    const key = await prepare()
    async function whoAskedDirectly(): Promise<void> {
      await context.session.put(key, { a: 'x'.repeat(1024 * 1024 + 1) })
    }
    async function whoAskedTheBuilder(): Promise<void> {
      await context.session.insert(key).put({ a: 1 }).execute()
    }
    expect(((await failureOf(whoAskedDirectly())) as Error).stack).toContain('whoAskedDirectly')
    expect(((await failureOf(whoAskedTheBuilder())) as Error).stack).toContain('whoAskedTheBuilder')
  })

  it('what the server refuses changes nothing', async () => {
    for (const { provoke, code } of ERRORS) {
      if (code === 2) continue
      const key = await prepare()
      await failureOf(provoke(key))
      expect(await context.session.get(key)).toMatchObject({ bins: { a: 1 }, generation: 1 })
    }
  })

  it('errors that are data are made only when looked at', async () => {
    const row = await (await context.session.delete(context.freshKey()).execute()).first()
    if (row?.ok !== false) throw new Error('there should have been nothing to delete')
    expect(row.error).toBeInstanceOf(RecordNotFoundError)
    expect(row.error.key).toBe(row.key)
  })
})

describe('the family', () => {
  it.each([
    { code: 9, name: 'TimeoutError' },
    { code: 14, name: 'KeyBusyError' },
    { code: 18, name: 'CapacityError' },
    { code: 26, name: 'BinOpInvalidError' },
    { code: 27, name: 'FilteredError' },
    { code: 62, name: 'AuthenticationError' },
    { code: 81, name: 'AuthorizationError' },
    { code: 83, name: 'QuotaError' },
    { code: 120, name: 'TransactionError' },
    { code: 201, name: 'IndexError' },
    { code: 210, name: 'QueryError' },
    { code: -3, name: 'InvalidNodeError' },
    { code: -8, name: 'ConnectionError' },
    { code: -12, name: 'BackoffError' },
    { code: 250, name: 'AerospikeError' },
  ])('code $code is a $name', ({ code, name }) => {
    const error = AerospikeError.fromCode(code)
    expect(error.name).toBe(name)
    expect(error.code).toBe(code)
    expect(error).toBeInstanceOf(AerospikeError)
  })
})
