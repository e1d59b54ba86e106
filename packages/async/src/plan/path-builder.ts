import {
  type Context,
  type Expression,
  modifyByPath,
  type PathStep,
  SELECT_FLAG,
  selectByPath,
  type Value,
} from '@aero/codec'
import type { BinParent } from './bin-parent.ts'
import { checkInteger } from './collection-options.ts'
import type { Exp } from './exp.ts'
import { UsageError } from './usage-error.ts'

/** What an operation by path minds. */
export interface PathOptions {
  /** What a step does not find, or a filter cannot decide, is passed over instead of failing the command. Default false. */
  readonly noFail?: boolean
}

const EVERY_CHILD: Expression = { kind: 'value', value: true }

/**
 * A path into lists and maps that may lead to many elements at once: each step goes on from everything that the one before led
 * to. Servers from 8.1.1.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const key = DataSet.of('test', 'stores').id(1)
 * await session.put(key, { books: [{ title: 'A', price: 5 }, { title: 'B', price: 20 }] })
 * const rows = await session.query(key).bin('books').path().allChildren().onMapKey('price').getValues().execute()
 * console.log((await rows.firstOrThrow()).record?.bins) // { books: [ 5, 20 ] }
 * ```
 */
export class ReadPath<P extends BinParent> {
  protected readonly parent: P
  protected readonly name: string
  readonly #steps: PathStep[] = []

  constructor(parent: P, bin: string) {
    this.parent = parent
    this.name = bin
  }

  #step(step: PathStep): this {
    this.#steps.push(step)
    return this
  }

  /** The steps taken. @throws UsageError when there are none. */
  protected steps(): Context {
    if (this.#steps.length === 0) throw new UsageError('a path has at least one step, such as allChildren()')
    return this.#steps
  }

  /** To the value of a key. */
  onMapKey(key: Value): this {
    return this.#step({ by: 'mapKey', value: key })
  }

  /** To the values of these keys. */
  onMapKeys(keys: readonly Value[]): this {
    return this.#step({ by: 'mapKeys', keys })
  }

  /** To the value at an index in the order of the keys. */
  onMapIndex(index: number): this {
    return this.#step({ by: 'mapIndex', index: checkInteger('index', index) })
  }

  /** To the value of a rank. */
  onMapRank(rank: number): this {
    return this.#step({ by: 'mapRank', rank: checkInteger('rank', rank) })
  }

  /** To the first value of a map that is equal to this. */
  onMapValue(value: Value): this {
    return this.#step({ by: 'mapValue', value })
  }

  /** To the element at an index. */
  onListIndex(index: number): this {
    return this.#step({ by: 'listIndex', index: checkInteger('index', index) })
  }

  /** To the element of a rank. */
  onListRank(rank: number): this {
    return this.#step({ by: 'listRank', rank: checkInteger('rank', rank) })
  }

  /** To the first element of a list that is equal to this. */
  onListValue(value: Value): this {
    return this.#step({ by: 'listValue', value })
  }

  /**
   * To all elements of a list, or values of a map; with a filter, to those that meet it. In the filter, loop variables stand for
   * the element at hand: its key, its value or its index.
   */
  allChildren(filter?: Exp<'bool'>): this {
    return this.#step({ by: 'filter', filter: filter ?? EVERY_CHILD })
  }

  /** A second filter on what the step before has chosen. Servers from 8.1.2. */
  andWhere(filter: Exp<'bool'>): this {
    return this.#step({ by: 'filter', filter, and: true })
  }

  #select(what: number, options: PathOptions): P {
    const flags = options.noFail === true ? what | SELECT_FLAG.noFail : what
    this.parent.operation(selectByPath(this.name, this.steps(), flags))
    return this.parent
  }

  /** What the path leads to, in the lists and maps that it lies in, without the rest of them. */
  getTree(options: PathOptions = {}): P {
    return this.#select(SELECT_FLAG.tree, options)
  }

  /** What the path leads to, as a list. */
  getValues(options: PathOptions = {}): P {
    return this.#select(SELECT_FLAG.value, options)
  }

  /** The keys that the path leads to, as a list. */
  getKeys(options: PathOptions = {}): P {
    return this.#select(SELECT_FLAG.key, options)
  }

  /** The keys that the path leads to, each with its value behind it, as a list. */
  getKeysAndValues(options: PathOptions = {}): P {
    return this.#select(SELECT_FLAG.keyValue, options)
  }
}

/** A path whose end may be modified too. */
export class WritePath<P extends BinParent> extends ReadPath<P> {
  /** Puts the result of an expression in the place of everything that the path leads to; loop variables in it stand for that. */
  modify(expression: Exp, options: PathOptions = {}): P {
    const flags = options.noFail === true ? SELECT_FLAG.noFail : 0
    this.parent.operation(modifyByPath(this.name, this.steps(), expression, flags))
    return this.parent
  }

  /** Puts a value in the place of everything that the path leads to. */
  setTo(value: Value, options?: PathOptions): P {
    return this.modify({ kind: 'value', value } as Expression as Exp, options)
  }

  /** Removes everything that the path leads to. */
  remove(options?: PathOptions): P {
    return this.modify({ kind: 'apply', operator: 'removeResult', args: [] } as Expression as Exp, options)
  }
}
