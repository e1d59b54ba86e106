import { type BehaviorChanges, readChanges } from './behavior-changes.ts'
import { ConfigError } from './errors.ts'
import { explainBehavior } from './explain-behavior.ts'
import { hintForUnknown } from './nearest-name.ts'
import { PRESETS } from './presets.ts'
import { type BehaviorPatches, resolveSettings } from './resolve.ts'
import {
  NAMESPACE_MODES,
  type NamespaceMode,
  OPERATION_KINDS,
  OPERATION_SHAPES,
  OPERATIONS,
  type Operation,
  type OperationKind,
  type OperationShape,
} from './scope.ts'
import { DEFAULT_SETTINGS, type ResolvedSettings } from './settings.ts'

/** Parts of the number of a settings slot: one of 18, as `OPERATIONS` counts them. */
const KIND_SLOT: { readonly [Kind in OperationKind]: number } = {
  READ: 0,
  WRITE_RETRYABLE: 6,
  WRITE_NON_RETRYABLE: 12,
}
const SHAPE_SLOT: { readonly [Shape in OperationShape]: number } = { POINT: 0, BATCH: 2, QUERY: 4 }
const MODE_SLOT: { readonly [Mode in NamespaceMode]: number } = { AP: 0, SC: 1 }

/** Fewer remembered children than this are not worth looking through for collected ones. */
const FIRST_SWEEP = 16

/**
 * How operations behave: timeouts, retries, which copy is read, what a write promises. A behavior is a named set of
 * changes to its parent, scope by scope; sessions ask it for the settings of each kind of operation.
 *
 * For one operation the parent's settings come first, then this behavior's own scopes, later ones winning:
 * reads: `all`, `reads`, `readsAp` or `readsSc`, `readsPoint` or `readsBatch` or `readsQuery`;
 * writes: `all`, `writes`, `writesAp` or `writesSc`, `writesRetryable` or `writesNonRetryable`,
 * `writesPoint` or `writesBatch` or `writesQuery`.
 * So `all` of a child beats every scope of its parent; `explain()` points out where that happens.
 *
 * Immutable. Deriving is cheap, and a derived behavior that nobody holds is collected.
 *
 * @example
 * ```ts
 * import { Behavior } from '@aero/config'
 *
 * const checkout = Behavior.DEFAULT.derive('checkout', {
 *   totalTimeout: '2s',
 *   readsPoint: { socketTimeout: '50ms', maxRetries: 3 },
 * })
 * console.log(checkout.settingsFor('READ', 'POINT').socketTimeout) // 50
 * ```
 */
export class Behavior {
  /** 30 s in all, 5 s an attempt, 2 retries (5 for queries, none for writes that must not be repeated). */
  static readonly DEFAULT: Behavior = new Behavior('DEFAULT', undefined, PRESETS.DEFAULT)
  /** {@link Behavior.DEFAULT} with reads that take 200 ms at most: 50 ms an attempt, 3 retries. */
  static readonly READ_FAST: Behavior = Behavior.DEFAULT.derive('READ_FAST', PRESETS.READ_FAST)
  /** {@link Behavior.DEFAULT} with linearizable reads in strongly consistent namespaces. */
  static readonly STRICTLY_CONSISTENT: Behavior = Behavior.DEFAULT.derive(
    'STRICTLY_CONSISTENT',
    PRESETS.STRICTLY_CONSISTENT,
  )
  /** {@link Behavior.READ_FAST} that prefers the racks given to `preferringRacks()`. */
  static readonly FAST_RACK_AWARE: Behavior = Behavior.READ_FAST.derive(
    'FAST_RACK_AWARE',
    PRESETS.FAST_RACK_AWARE,
  )

  /** The name it was derived under. Names need not be unique, except within one {@link BehaviorRegistry}. */
  readonly name: string
  /** The behavior it was derived from; `undefined` for {@link Behavior.DEFAULT}. */
  readonly parent: Behavior | undefined
  /** What it changes, by scope, checked and frozen: times in milliseconds. */
  readonly patches: BehaviorPatches

  /** One slot per kind, shape and mode, filled when first asked for. */
  readonly #resolved: (ResolvedSettings | undefined)[] = new Array(OPERATIONS.length).fill(undefined)
  /** Weak, so that a program which derives a behavior for each of its requests does not grow. */
  #children: WeakRef<Behavior>[] = []
  #sweepAt = FIRST_SWEEP

  private constructor(name: string, parent: Behavior | undefined, changes: BehaviorChanges) {
    if (typeof name !== 'string' || name.trim() === '') {
      throw new ConfigError({ path: 'behavior.name', found: name, expected: 'a name that is not empty' })
    }
    this.name = name
    this.parent = parent
    this.patches = readChanges(changes, name)
    Object.freeze(this)
  }

  /** The behaviors derived from this one that are still in use somewhere, oldest first. */
  get children(): readonly Behavior[] {
    return this.#children.map((child) => child.deref()).filter((child) => child !== undefined)
  }

  /**
   * A new behavior that differs from this one by the given changes. They are checked and copied now.
   *
   * @param name what `explain()`, errors and a registry call it
   * @param changes settings by scope; settings without a scope belong to `all`
   * @throws ConfigError naming the path of the value, what was found and what was expected
   */
  derive(name: string, changes: BehaviorChanges = {}): Behavior {
    const child = new Behavior(name, this, changes)
    if (this.#children.length >= this.#sweepAt) {
      this.#children = this.#children.filter((known) => known.deref() !== undefined)
      this.#sweepAt = Math.max(FIRST_SWEEP, this.#children.length * 2)
    }
    this.#children.push(new WeakRef(child))
    return child
  }

  /**
   * The settings of one kind of operation: complete, frozen, and the same object every time.
   *
   * @param kind whether the operation reads, or writes, and may be sent again
   * @param shape one record, several, or a query
   * @param mode that of the namespace, `AP` unless given
   */
  settingsFor(kind: OperationKind, shape: OperationShape, mode: NamespaceMode = 'AP'): ResolvedSettings {
    // A name that is none of these makes the sum no number, and no slot has that.
    const slot = KIND_SLOT[kind] + SHAPE_SLOT[shape] + MODE_SLOT[mode]
    return this.#resolved[slot] ?? this.#resolve(slot, { kind, shape, mode })
  }

  /** The behavior of that name: this one, or else the first among those derived from it that are still in use. */
  find(name: string): Behavior | undefined {
    if (this.name === name) return this
    for (const child of this.children) {
      const found = child.find(name)
      if (found !== undefined) return found
    }
    return undefined
  }

  /**
   * Where every setting comes from, as text for a person: what each ancestor changes, what holds in the end and by
   * which scope, and, as warnings, where a general scope of a child takes away what a special scope of a parent said.
   */
  explain(): string {
    return explainBehavior(this)
  }

  toString(): string {
    return `Behavior(${this.name})`
  }

  #resolve(slot: number, operation: Operation): ResolvedSettings {
    checkName('kind', operation.kind, OPERATION_KINDS)
    checkName('shape', operation.shape, OPERATION_SHAPES)
    checkName('mode', operation.mode, NAMESPACE_MODES)
    const base = this.parent?.settingsFor(operation.kind, operation.shape, operation.mode) ?? DEFAULT_SETTINGS
    const resolved = resolveSettings(base, this.patches, operation)
    this.#resolved[slot] = resolved
    return resolved
  }
}

function checkName(path: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return
  const expected = `one of ${names.join(', ')}`
  throw new ConfigError({ path, found: name, expected, hint: hintForUnknown(String(name), names) })
}
