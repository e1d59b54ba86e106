import { hex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { parseBuild } from './build.ts'
import { printStabilityRequest } from './cluster-stable.ts'
import {
  parseModuleContent,
  parseModuleError,
  parseModuleList,
  printModuleRegistration,
  printModuleRemoval,
  printModuleRequest,
} from './function-command.ts'
import {
  type IndexCreation,
  printIndexCreation,
  printIndexDeletion,
  printTruncation,
} from './index-command.ts'
import { parseShownJob } from './query-show.ts'

const CE = parseBuild('8.1.2.0')
const base: IndexCreation = {
  namespace: 'test',
  set: 'v_sindex',
  name: 'vs',
  bin: 'a',
  type: 'INTEGER',
  collection: 'DEFAULT',
  context: undefined,
  expression: undefined,
}

// The texts are those of the official client, recorded.
describe('index commands', () => {
  it.each([
    [base, 'sindex-create:namespace=test;set=v_sindex;indexname=vs;bin=a;type=NUMERIC'],
    [{ ...base, set: undefined }, 'sindex-create:namespace=test;indexname=vs;bin=a;type=NUMERIC'],
    [
      { ...base, type: 'GEO2DSPHERE' },
      'sindex-create:namespace=test;set=v_sindex;indexname=vs;bin=a;type=GEO2DSPHERE',
    ],
    [
      { ...base, collection: 'LIST', type: 'STRING' },
      'sindex-create:namespace=test;set=v_sindex;indexname=vs;indextype=LIST;bin=a;type=STRING',
    ],
    [
      { ...base, context: hex('921000') },
      'sindex-create:namespace=test;set=v_sindex;indexname=vs;context=khAA;bin=a;type=NUMERIC',
    ],
    [
      { ...base, bin: undefined, collection: 'LIST', expression: hex('935104a161') },
      'sindex-create:namespace=test;set=v_sindex;indexname=vs;exp=k1EEoWE=;indextype=LIST;type=NUMERIC',
    ],
    [
      { ...base, bin: undefined, type: undefined, collection: 'SET' },
      'sindex-create:namespace=test;set=v_sindex;indexname=vs;indextype=SET',
    ],
  ] as [IndexCreation, string][])('%# is written as recorded', (index, text) => {
    expect(printIndexCreation(index, CE)).toBe(text)
  })

  it('speaks to older and newer servers as they want it', () => {
    expect(printIndexCreation(base, parseBuild('7.0.0.0'))).toMatch(/;indexdata=a,NUMERIC$/)
    expect(printIndexCreation(base, parseBuild('8.2.0.0'))).toMatch(/;bin=a;type=INTEGER$/)
  })

  it.each(['', 'a;b', 'a:b', 'a=b', 'a\nb', '\ud800'])('refuses the name %j', (name) => {
    expect(() => printIndexCreation({ ...base, name }, CE)).toThrow(/name/)
    expect(() => printIndexCreation({ ...base, set: name }, CE)).toThrow(/set/)
    expect(() => printIndexDeletion('test', name)).toThrow(/name/)
    expect(() => printModuleRemoval(name)).toThrow(/name/)
  })

  it('refuses an index without a type, and the index of no set', () => {
    expect(() => printIndexCreation({ ...base, type: undefined }, CE)).toThrow(/type/)
    expect(() => printIndexCreation({ ...base, set: undefined, collection: 'SET' }, CE)).toThrow(/set/)
  })

  it('drops and truncates', () => {
    expect(printIndexDeletion('test', 'vs')).toBe('sindex-delete:namespace=test;indexname=vs')
    expect(printTruncation('test', 's', undefined)).toBe('truncate:namespace=test;set=s')
    expect(printTruncation('test', 's', 1_600_000_000_000_000_000n)).toBe(
      'truncate:namespace=test;set=s;lut=1600000000000000000',
    )
    expect(printTruncation('test', undefined, undefined)).toBe('truncate-namespace:namespace=test')
    expect(() => printTruncation('test', 's', 0n)).toThrow(/1970/)
  })
})

describe('modules', () => {
  it('are registered and removed as recorded', () => {
    const lua = new TextEncoder().encode('function f(rec) return 7 end\n')
    expect(printModuleRegistration('tiny.lua', lua)).toBe(
      'udf-put:filename=tiny.lua;content=ZnVuY3Rpb24gZihyZWMpIHJldHVybiA3IGVuZAo=;content-len=40;udf-type=LUA;',
    )
    expect(printModuleRequest('tiny.lua')).toBe('udf-get:filename=tiny.lua;')
    const content = parseModuleContent('type=LUA;content=ZnVuY3Rpb24gZihyZWMpIHJldHVybiA3IGVuZAo=;')
    expect(new TextDecoder().decode(content)).toBe('function f(rec) return 7 end\n')
    expect(parseModuleContent('error=not_found')).toBeUndefined()
    expect(printModuleRemoval('tiny.lua')).toBe('udf-remove:filename=tiny.lua;')
  })

  it('are listed, and their errors read', () => {
    expect(
      parseModuleList('filename=vec.lua,hash=fcfc,type=LUA;filename=tiny.lua,hash=e815,type=LUA;'),
    ).toEqual([
      { name: 'vec.lua', hash: 'fcfc', language: 'LUA' },
      { name: 'tiny.lua', hash: 'e815', language: 'LUA' },
    ])
    expect(parseModuleError('ok')).toBeUndefined()
    expect(
      parseModuleError(
        'error=compile_error;file=broken.lua;line=2;message=JyknIGV4cGVjdGVkIG5lYXIgJ3JldHVybic=',
      ),
    ).toBe("compile error in broken.lua, line 2: ')' expected near 'return'")
  })
})

describe('printStabilityRequest', () => {
  it('asks for one namespace of a cluster of so many nodes', () => {
    expect(printStabilityRequest('test', 3)).toBe(
      'cluster-stable:size=3;ignore-migrations=false;namespace=test',
    )
    expect(() => printStabilityRequest('a;b', 3)).toThrow(/cannot stand in an info command/)
  })
})

describe('parseShownJob', () => {
  it('reads how far a job is', () => {
    const shown =
      'trid=1010:ns=test:set=v:rps=10000:active-threads=1:status=active(ok):job-progress=74.44:recs-filtered-meta=1:recs-filtered-bins=2:recs-succeeded=3:recs-failed=4'
    expect(parseShownJob(shown)).toEqual({
      isActive: true,
      status: 'ok',
      progress: 74.44,
      succeeded: 3,
      failed: 4,
      filtered: 3,
    })
    expect(parseShownJob('status=done(user-aborted)')).toMatchObject({
      isActive: false,
      status: 'user-aborted',
    })
  })
})
