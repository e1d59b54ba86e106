/** A misspelling may differ from the name it means by this share of its length, rounded up. */
const TOLERANCE = 0.34

/**
 * The known name which an unknown one probably means, or `undefined` when none is close. Letter case, `_` and `-`
 * do not count, so that `total_timeout` finds `totalTimeout`.
 */
export function nearestName(unknown: string, known: readonly string[]): string | undefined {
  const wanted = fold(unknown)
  let best: string | undefined
  let bestDistance = Math.ceil(wanted.length * TOLERANCE) + 1
  for (const name of known) {
    const distance = editDistance(wanted, fold(name))
    if (distance < bestDistance) {
      best = name
      bestDistance = distance
    }
  }
  return best
}

/** A sentence for an error message: the nearest name, or else all of them. */
export function hintForUnknown(unknown: string, known: readonly string[]): string {
  const nearest = nearestName(unknown, known)
  return nearest === undefined ? `Known names: ${known.join(', ')}` : `Did you mean ${nearest}?`
}

function fold(name: string): string {
  return name.replace(/[_-]/g, '').toLowerCase()
}

/** Insertions, deletions and replacements that turn one text into the other. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const replaced = (previous[column - 1] as number) + (from[row - 1] === to[column - 1] ? 0 : 1)
      const shorter = Math.min(previous[column] as number, current[column - 1] as number) + 1
      current.push(Math.min(replaced, shorter))
    }
    previous = current
  }
  return previous[to.length] as number
}
