import type { Key } from '@aero/codec'
import { checkKeys, type KeyOrKeys } from './keys.ts'
import type { Plan } from './plan.ts'
import { BatchBuilder, KeyQueryBuilder, WriteBuilder } from './record-builder.ts'
import type { ExecuteOptions, Runner } from './runner.ts'

/**
 * The verbs of a session, for both front ends: each begins a builder that ends in the session's own {@link SessionVerbs.run | run}.
 * `Result` is what that returns: a promise of a stream, or a stream.
 */
export abstract class SessionVerbs<Result> implements Runner<Result> {
  /** Runs a plan; what a builder's `execute()` ends in. */
  abstract run(plan: Plan, options?: ExecuteOptions): Result

  /** Creates the record or updates it; bins that are not mentioned stay. */
  upsert(key: KeyOrKeys, ...more: Key[]): WriteBuilder<Result> {
    return new WriteBuilder(this, 'upsert', checkKeys(key, more))
  }

  /** Creates the record; RecordExistsError when it is there already. */
  insert(key: KeyOrKeys, ...more: Key[]): WriteBuilder<Result> {
    return new WriteBuilder(this, 'insert', checkKeys(key, more))
  }

  /** Updates the record; RecordNotFoundError when there is none. */
  update(key: KeyOrKeys, ...more: Key[]): WriteBuilder<Result> {
    return new WriteBuilder(this, 'update', checkKeys(key, more))
  }

  /** Creates the record or overwrites it; bins that are not mentioned are dropped. */
  replace(key: KeyOrKeys, ...more: Key[]): WriteBuilder<Result> {
    return new WriteBuilder(this, 'replace', checkKeys(key, more))
  }

  /** Overwrites the record; RecordNotFoundError when there is none. */
  replaceIfExists(key: KeyOrKeys, ...more: Key[]): WriteBuilder<Result> {
    return new WriteBuilder(this, 'replaceIfExists', checkKeys(key, more))
  }

  /** Deletes the record. The row's `ok` tells whether it was there. */
  delete(key: KeyOrKeys, ...more: Key[]): WriteBuilder<Result> {
    return new WriteBuilder(this, 'delete', checkKeys(key, more))
  }

  /** Renews the record's expiration and raises its generation. The row's `ok` tells whether it was there. */
  touch(key: KeyOrKeys, ...more: Key[]): WriteBuilder<Result> {
    return new WriteBuilder(this, 'touch', checkKeys(key, more))
  }

  /** Asks whether the record is there: the row's `ok`. */
  exists(key: KeyOrKeys, ...more: Key[]): WriteBuilder<Result> {
    return new WriteBuilder(this, 'exists', checkKeys(key, more))
  }

  /** Reads the record, or all of them. */
  query(key: KeyOrKeys, ...more: Key[]): KeyQueryBuilder<Result> {
    return new KeyQueryBuilder(this, checkKeys(key, more))
  }

  /** Begins a call with several segments; what a chain of verbs does too. */
  batch(): BatchBuilder<Result> {
    return new BatchBuilder(this)
  }
}
