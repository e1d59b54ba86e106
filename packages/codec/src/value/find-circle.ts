import { DEFAULT_LIMITS } from '../limits.ts'
import { pathStepOf } from './map-key.ts'
import { OBJECT_KIND, objectKindOf } from './object-kind.ts'
import type { SortedMap } from './sorted-map.ts'
import type { Value } from './value.ts'

/**
 * Where `value`, which has turned out to be nested too deep, refers back to an object that contains it: the path of that
 * reference. `undefined` when it is merely deep. For error messages only.
 */
export function findCircle(value: Value): string | undefined {
  const path: string[] = []
  return search(value, [], path) ? path.join('') : undefined
}

/*
 * Walks in the order of the writer and stops where the writer stopped, at the first branch that is too deep: so it takes no
 * longer than the writer did, however often parts of the value are shared. `path` holds the steps on return.
 * True: a circle. False: too deep. Undefined: neither, go on.
 */
function search(value: unknown, ancestors: readonly object[], path: string[]): boolean | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (ancestors.includes(value)) return true
  if (!isContainer(value)) return undefined
  if (ancestors.length >= DEFAULT_LIMITS.maxDepth) return false
  const inside = [...ancestors, value]
  for (const [step, child] of childrenOf(value)) {
    path.push(path.length === 0 || step.startsWith('[') ? step : `.${step}`)
    const found = search(child, inside, path)
    if (found !== undefined) return found
    path.pop()
  }
  return undefined
}

function isContainer(value: object): boolean {
  const kind = objectKindOf(value)
  return (
    kind === OBJECT_KIND.list ||
    kind === OBJECT_KIND.object ||
    kind === OBJECT_KIND.map ||
    kind === OBJECT_KIND.sortedMap
  )
}

function* childrenOf(value: object): Generator<readonly [step: string, child: unknown]> {
  switch (objectKindOf(value)) {
    case OBJECT_KIND.list:
      for (const [index, child] of (value as readonly unknown[]).entries()) yield [`[${index}]`, child]
      return
    case OBJECT_KIND.object:
      for (const [key, child] of Object.entries(value)) yield [pathStepOf(key), child]
      return
    case OBJECT_KIND.map:
      for (const [key, child] of value as ReadonlyMap<unknown, unknown>) yield [pathStepOf(key), child]
      return
    case OBJECT_KIND.sortedMap:
      for (const [key, child] of (value as SortedMap).entries) yield [pathStepOf(key), child]
      return
    default:
  }
}
