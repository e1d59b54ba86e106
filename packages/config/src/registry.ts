import { Behavior } from './behavior.ts'
import { ConfigError } from './errors.ts'
import { hintForUnknown } from './nearest-name.ts'

/**
 * Behaviors by name, for programs that choose one by a text. Nothing registers itself: a registry holds the shipped
 * behaviors and those given to it, and there is no global one.
 *
 * @example
 * ```ts
 * import { Behavior, BehaviorRegistry } from '@aero/config'
 *
 * const behaviors = new BehaviorRegistry()
 * behaviors.register(Behavior.DEFAULT.derive('reports', { readsQuery: { totalTimeout: '5m' } }))
 * console.log(behaviors.require('reports').settingsFor('READ', 'QUERY').totalTimeout) // 300000
 * ```
 */
export class BehaviorRegistry {
  readonly #byName = new Map<string, Behavior>()

  /** A registry of the four shipped behaviors. */
  constructor() {
    this.register(Behavior.DEFAULT)
    this.register(Behavior.READ_FAST)
    this.register(Behavior.STRICTLY_CONSISTENT)
    this.register(Behavior.FAST_RACK_AWARE)
  }

  /**
   * Adds a behavior under its own name and returns it. Adding the same one again changes nothing.
   *
   * @throws ConfigError when the name belongs to another behavior
   */
  register(behavior: Behavior): Behavior {
    const known = this.#byName.get(behavior.name)
    if (known !== undefined && known !== behavior) {
      throw new ConfigError({
        path: 'registry',
        found: behavior.name,
        expected: 'a name that is not taken',
        hint: 'Derive the behavior under another name',
      })
    }
    this.#byName.set(behavior.name, behavior)
    return behavior
  }

  /** The behavior of that name, if there is one. Letter case counts. */
  get(name: string): Behavior | undefined {
    return this.#byName.get(name)
  }

  /** The behavior of that name, or {@link Behavior.DEFAULT}. */
  getOrDefault(name: string): Behavior {
    return this.#byName.get(name) ?? Behavior.DEFAULT
  }

  /**
   * The behavior of that name.
   *
   * @throws ConfigError with the nearest name when there is none
   */
  require(name: string): Behavior {
    const behavior = this.#byName.get(name)
    if (behavior !== undefined) return behavior
    throw new ConfigError({
      path: 'registry',
      found: name,
      expected: 'the name of a registered behavior',
      hint: hintForUnknown(String(name), [...this.#byName.keys()]),
    })
  }

  /** All behaviors, in the order they were added. */
  all(): readonly Behavior[] {
    return [...this.#byName.values()]
  }
}
