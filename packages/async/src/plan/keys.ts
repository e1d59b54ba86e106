import { Key } from '@aero/codec'
import { UsageError } from './usage-error.ts'

/** What a verb takes: one key, or a list of them. Several keys one behind the other are a list too. */
export type KeyOrKeys<B = unknown> = Key<B> | readonly Key<B>[]

/** The key. @throws UsageError when it is none. */
export function checkKey<B>(key: Key<B>): Key<B> {
  // By its class first: to ask a key out of many for its digest makes it unpack that.
  if (key instanceof Key) return key
  const like = key as Key | undefined
  if (like?.digest instanceof Uint8Array && typeof like.namespace === 'string') return key
  throw new UsageError('expected a Key: make one with DataSet.of(namespace, set).id(value)')
}

/**
 * What a verb was given: the key alone, or the list of all of them.
 *
 * @throws UsageError for an empty list, and for what is no key.
 */
export function checkKeys<B>(first: KeyOrKeys<B>, more: readonly Key<B>[]): KeyOrKeys<B> {
  if (!Array.isArray(first) && more.length === 0) return checkKey(first as Key<B>)
  const keys = Array.isArray(first) ? [...(first as readonly Key<B>[]), ...more] : [first as Key<B>, ...more]
  if (keys.length === 0) throw new UsageError('the list of keys cannot be empty')
  for (const key of keys) checkKey(key)
  return keys
}
