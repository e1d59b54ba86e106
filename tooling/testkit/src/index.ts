// bytes
export { hex, toHex } from './hex.ts'
export { type Cut, everyCut, everyPrefix, inPieces, joined } from './every-cut.ts'
// recordings
export {
  loadVectors,
  loadVectorTable,
  type Vector,
  type VectorEvent,
  type VectorExchange,
  type VectorInput,
  vectorsFolder,
  type VolatileRange,
  withoutVolatile,
} from './vectors.ts'
// chance
export { type Random, rounds, seededRandom } from './random.ts'
// time
export { FakeClock, settled } from './fake-clock.ts'
export { eventually, type EventuallyOptions } from './eventually.ts'
