import type { ContextStep } from '../../src/cdt/context.ts'
import { RETURN_TYPE } from '../../src/cdt/return-type.ts'
import * as bits from '../../src/collection/bit-operation.ts'
import type { Context } from '../../src/collection/collection-call.ts'
import * as hll from '../../src/collection/hll-operation.ts'
import * as lists from '../../src/collection/list-operation.ts'
import * as maps from '../../src/collection/map-operation.ts'
import type { Expression } from '../../src/expression/node.ts'
import type { Operation } from '../../src/message/operation.ts'
import type { HyperLogLog } from '../../src/value/hyper-log-log.ts'
import type { Value } from '../../src/value/value.ts'
import { member, type Notation, valueFrom } from './notation.ts'
import { contextFrom } from './official-expressions.ts'

type Step = ContextStep<Expression>

/** Builders of the official client whose names ours do not follow from. */
const OTHER_NAMES: { readonly [name: string]: string } = {
  listSetPolicy: 'listSetOrder',
  mapSetPolicy: 'mapSetOrder',
  bitLshift: 'bitLeftShift',
  bitRshift: 'bitRightShift',
  bitLscan: 'bitLeftScan',
  bitRscan: 'bitRightScan',
  bitGetInt: 'bitGetInteger',
}

/** How many arguments stand behind the bin and before return type, policy or context, for those that may have fewer. */
const SELECTORS: { readonly [name: string]: number } = {
  ByIndex: 1,
  ByIndexRange: 2,
  ByRank: 1,
  ByRankRange: 2,
  ByValue: 1,
  ByValueList: 1,
  ByValueRange: 2,
  ByValueRelativeRankRange: 3,
  ByKey: 1,
  ByKeyList: 1,
  ByKeyRange: 2,
  ByKeyRelativeIndexRange: 3,
}

/** A call of the official client's builders for lists, maps, bits and HyperLogLogs; `undefined` for other calls. */
export function collectionOperationFrom(notation: Notation): Operation | undefined {
  const [module, name] = (member(notation, '$fn') as string).split('.') as [string, string]
  const [bin, ...args] = (member(notation, 'args') ?? []) as [string, ...Notation[]]
  const call = new CollectionCall(bin, args, (member(notation, 'chain') ?? []) as [string, ...Notation[]][])
  const relative = name.replace('Rel', 'Relative')
  switch (module) {
    case 'lists':
      return call.list(ours('list', relative))
    case 'maps':
      return call.map(ours('map', relative))
    case 'bitwise':
      return call.bits(ours('bit', name))
    case 'hll':
      return call.hll(ours('hll', name))
    default:
      return undefined
  }
}

function ours(prefix: string, name: string): string {
  const plain = `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`
  return OTHER_NAMES[plain] ?? plain
}

type AnyBuilder = (...args: unknown[]) => Operation

class CollectionCall {
  readonly #bin: string
  readonly #args: readonly Notation[]
  readonly #context: Context
  readonly #chained: ReadonlyMap<string, Notation | undefined>

  constructor(bin: string, args: readonly Notation[], chain: readonly [string, ...Notation[]][]) {
    this.#bin = bin
    this.#chained = new Map(chain.map(([name, argument]) => [name, argument]))
    const behind = args.find((each) => member(each, '$ctx') !== undefined)
    this.#args = args.filter((each) => each !== behind)
    this.#context = contextFrom(behind ?? this.#chained.get('withContext')) as readonly Step[]
  }

  list(name: string): Operation {
    const builder = (lists as unknown as { [name: string]: AnyBuilder })[name] as AnyBuilder
    switch (name) {
      case 'listCreate': {
        const [order, pad, persistIndex] = this.#args
        return builder(this.#bin, order, { pad, persistIndex }, this.#context)
      }
      case 'listAppend':
      case 'listAppendItems':
        return this.#written(builder, 1)
      case 'listInsert':
      case 'listInsertItems':
      case 'listSet':
      case 'listIncrement':
        return this.#written(builder, 2)
      case 'listPopRange':
      case 'listRemoveRange':
      case 'listGetRange':
      case 'listTrim':
        return this.#plain(builder, 2)
      default:
        return this.#selected(builder, name.replace(/^list(Get|Remove)/, ''))
    }
  }

  map(name: string): Operation {
    const builder = (maps as unknown as { [name: string]: AnyBuilder })[name] as AnyBuilder
    switch (name) {
      case 'mapSetOrder':
        return builder(this.#bin, member(this.#args[0], 'order') ?? 0, this.#context)
      case 'mapCreate':
        return builder(this.#bin, this.#args[0], this.#args[1], this.#context)
      case 'mapPutItems':
        return this.#put(builder, 1, [maps.mapReplaceItems, maps.mapAddItems])
      case 'mapPut':
        return this.#put(builder, 2, [maps.mapReplace, maps.mapAdd])
      case 'mapIncrement':
      case 'mapDecrement':
        return this.#written(builder, 2)
      default:
        return this.#selected(builder, name.replace(/^map(Get|Remove)/, ''))
    }
  }

  bits(name: string): Operation {
    const builder = (bits as unknown as { [name: string]: AnyBuilder })[name] as AnyBuilder
    const flags = member(this.#chained.get('withPolicy'), 'writeFlags') ?? 0
    const args = this.#args.map((each) => valueFrom(each))
    if (name === 'bitSet' && typeof args[2] === 'number')
      return bits.bitSetInteger(this.#bin, args[0] as number, args[1] as number, args[2], flags as number)
    if (name === 'bitResize') return builder(this.#bin, args[0], args[1] ?? 0, flags)
    if (name === 'bitAdd' || name === 'bitSubtract') {
      const action = this.#chained.get('onOverflow') as number | undefined
      const overflow = ({ 0: 'fail', 2: 'saturate', 4: 'wrap' } as const)[action ?? 0]
      return builder(this.#bin, args[0], args[1], args[2], { signed: args[3], overflow }, flags)
    }
    return /Get|Scan/.test(name) ? builder(this.#bin, ...args) : builder(this.#bin, ...args, flags)
  }

  hll(name: string): Operation {
    const flags = (member(this.#chained.get('withPolicy'), 'writeFlags') ?? 0) as number
    const [first, second, third] = this.#args.map((each) => valueFrom(each))
    const [one, two, three] = [first, second, third] as (number | undefined)[]
    switch (name) {
      case 'hllInit':
        return hll.hllInit(this.#bin, { indexBits: one, minHashBits: two }, flags)
      case 'hllAdd':
        return hll.hllAdd(this.#bin, first as Value[], { indexBits: two, minHashBits: three }, flags)
      case 'hllSetUnion':
        return hll.hllSetUnion(this.#bin, first as HyperLogLog[], flags)
      default: {
        const builder = (hll as unknown as { [name: string]: AnyBuilder })[name] as AnyBuilder
        return first === undefined ? builder(this.#bin) : builder(this.#bin, first)
      }
    }
  }

  /** A call that takes a policy behind its arguments. */
  #written(builder: AnyBuilder, takes: number): Operation {
    const [args, [behind]] = this.#split(takes)
    const policy =
      behind === undefined
        ? undefined
        : { order: member(behind, 'order'), flags: member(behind, 'writeFlags') }
    return builder(this.#bin, ...args, policy, this.#context)
  }

  /** By the mode in the policy, if there is one: 0 as it is, 1 only replacing, 2 only adding. */
  #put(builder: AnyBuilder, takes: number, [replace, add]: readonly [unknown, unknown]): Operation {
    const [args, [policy]] = this.#split(takes)
    switch (member(policy, 'writeMode')) {
      case 1:
        return (replace as AnyBuilder)(this.#bin, ...args, this.#context)
      case 2:
        return this.#written(add as AnyBuilder, takes)
      default:
        return this.#written(builder, takes)
    }
  }

  #plain(builder: AnyBuilder, takes: number): Operation {
    return builder(this.#bin, ...this.#split(takes)[0], this.#context)
  }

  #selected(builder: AnyBuilder, selector: string): Operation {
    const takes = SELECTORS[selector]
    if (takes === undefined) return this.#plain(builder, this.#args.length)
    const [selected, [behind]] = this.#split(takes)
    // Where a range ends, null is the same as nothing to the official client.
    const args = /(Value|Key)Range$/.test(selector) ? [selected[0], selected[1] ?? undefined] : selected
    const asked = (behind ?? this.#chained.get('andReturn') ?? RETURN_TYPE.none) as number
    const returns = this.#chained.has('invertSelection') ? asked | RETURN_TYPE.inverted : asked
    return builder(this.#bin, ...args, returns, this.#context)
  }

  /** The first arguments, filled up with `undefined`, and those behind them. */
  #split(takes: number): [unknown[], readonly Notation[]] {
    const args = Array.from({ length: takes }, (_, index) => {
      const argument = this.#args[index]
      return argument === undefined ? undefined : valueFrom(argument)
    })
    return [args, this.#args.slice(takes)]
  }
}
