import { hex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { parseIndexList } from './index-list.ts'

// As a server 8.1.2 answers.
const ANSWER = [
  'ns=test:indexname=i1:set=u:bin=age:type=numeric:indextype=default:context=null:exp=null:state=RW',
  'ns=test:indexname=i2:set=u:bin=m:type=string:indextype=default:context=kiKiA2s=:exp=null:state=WO',
  'ns=test:indexname=i3:set=u:bin=null:type=numeric:indextype=list:context=null:exp=k1EEoWE=:state=RW',
  'ns=test:indexname=i6:set=null:bin=z:type=blob:indextype=mapkeys:context=null:exp=null:state=RW',
  'ns=test:indexname=i4:set=u:indextype=set',
].join(';')

describe('parseIndexList', () => {
  it('reads every kind of index', () => {
    const [numeric, context, expression, keys, set] = parseIndexList(ANSWER)
    expect(numeric).toEqual({
      namespace: 'test',
      name: 'i1',
      set: 'u',
      bin: 'age',
      type: 'NUMERIC',
      collection: 'DEFAULT',
      context: undefined,
      expression: undefined,
      isReadable: true,
    })
    expect(context).toMatchObject({ type: 'STRING', context: hex('9222a2036b'), isReadable: false })
    expect(expression).toMatchObject({ bin: undefined, collection: 'LIST', expression: hex('935104a161') })
    expect(keys).toMatchObject({ set: undefined, type: 'BLOB', collection: 'MAPKEYS' })
    expect(set).toMatchObject({ set: 'u', type: undefined, collection: 'SET', isReadable: true })
  })

  it('leaves out what it does not know, and reads an empty answer', () => {
    expect(parseIndexList('')).toEqual([])
    expect(parseIndexList('ns=test:indexname=v:bin=b:type=vector:indextype=default')).toEqual([])
    expect(parseIndexList('ns=test:indexname=v:bin=b:type=numeric:indextype=tree')).toEqual([])
  })
})
