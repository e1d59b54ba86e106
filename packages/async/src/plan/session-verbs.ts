import type { Key } from '@aero/codec'
import { checkKeys, type KeyOrKeys } from './keys.ts'
import type { Plan } from './plan.ts'
import { BatchBuilder, KeyQueryBuilder, UdfBuilder, WriteBuilder } from './record-builder.ts'
import type { Ended, Ending, ExecuteOptions, Runner } from './runner.ts'

/**
 * The verbs of a session, for both front ends: each begins a builder that ends in the session's own {@link SessionVerbs.run | run}.
 * `E` says what that returns: a promise of a stream, or a stream.
 */
export abstract class SessionVerbs<E extends Ending> implements Runner<E> {
  /** Runs a plan; what a builder's `execute()` ends in. */
  abstract run(plan: Plan, options?: ExecuteOptions): Ended<E, unknown>

  /** Creates the record or updates it; bins that are not mentioned stay. */
  upsert<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): WriteBuilder<E, B> {
    return new WriteBuilder<E, B>(this, 'upsert', checkKeys(key, more))
  }

  /** Creates the record; RecordExistsError when it is there already. */
  insert<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): WriteBuilder<E, B> {
    return new WriteBuilder<E, B>(this, 'insert', checkKeys(key, more))
  }

  /** Updates the record; RecordNotFoundError when there is none. */
  update<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): WriteBuilder<E, B> {
    return new WriteBuilder<E, B>(this, 'update', checkKeys(key, more))
  }

  /** Creates the record or overwrites it; bins that are not mentioned are dropped. */
  replace<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): WriteBuilder<E, B> {
    return new WriteBuilder<E, B>(this, 'replace', checkKeys(key, more))
  }

  /** Overwrites the record; RecordNotFoundError when there is none. */
  replaceIfExists<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): WriteBuilder<E, B> {
    return new WriteBuilder<E, B>(this, 'replaceIfExists', checkKeys(key, more))
  }

  /** Deletes the record. The row's `ok` tells whether it was there. */
  delete<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): WriteBuilder<E, B> {
    return new WriteBuilder<E, B>(this, 'delete', checkKeys(key, more))
  }

  /** Renews the record's expiration and raises its generation. The row's `ok` tells whether it was there. */
  touch<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): WriteBuilder<E, B> {
    return new WriteBuilder<E, B>(this, 'touch', checkKeys(key, more))
  }

  /** Asks whether the record is there: the row's `ok`. */
  exists<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): WriteBuilder<E, B> {
    return new WriteBuilder<E, B>(this, 'exists', checkKeys(key, more))
  }

  /** Applies a function to the record, or to all of them: see {@link UdfBuilder}. */
  executeUdf(key: KeyOrKeys, ...more: Key[]): UdfBuilder<E> {
    return new UdfBuilder<E>(this, checkKeys(key, more))
  }

  /** Reads the record, or all of them. */
  query<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): KeyQueryBuilder<E, B> {
    return new KeyQueryBuilder<E, B>(this, checkKeys(key, more))
  }

  /** Begins a call with several segments; what a chain of verbs does too. */
  batch(): BatchBuilder<E> {
    return new BatchBuilder<E>(this)
  }
}
