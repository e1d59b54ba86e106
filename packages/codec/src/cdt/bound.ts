/**
 * What stands in a comparison and is no value itself: it cannot be stored. In a list to compare with, it may stand for an
 * element, as in `[1, WILDCARD]`.
 */
export class Bound {
  readonly kind: 'infinity' | 'wildcard'

  constructor(kind: 'infinity' | 'wildcard') {
    this.kind = kind
  }
}

/** Comes after every value in the server's order. */
export const INFINITY: Bound = Object.freeze(new Bound('infinity'))

/** Equal to whatever it is compared with; as the last element of a list, to all that follow. */
export const WILDCARD: Bound = Object.freeze(new Bound('wildcard'))
