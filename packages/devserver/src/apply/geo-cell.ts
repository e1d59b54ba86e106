/*
 * The S2 cell of a point on the sphere: the finest one, of level 30.
 *
 * id  :=  face:3   Hilbert position:60   1
 *
 * The sphere is projected onto the six faces of a cube; each face is a square of 2^30 by 2^30 cells, numbered along a
 * Hilbert curve. Source: the S2 geometry library, s2cell_id.cc, and what a server 8.1.2 answers.
 */
const LEVELS = 30
const SIZE = 2 ** LEVELS

/** The place in the curve of each quarter (2 * i + j), by orientation. */
const QUARTER_TO_POSITION: readonly (readonly number[])[] = [
  [0, 1, 3, 2],
  [0, 3, 1, 2],
  [2, 3, 1, 0],
  [2, 1, 3, 0],
]
/** How each quarter turns the curve inside it. */
const TURN: readonly number[] = [1, 0, 0, 3]

/** The cell of a point given in degrees. */
export function cellOfPoint(longitude: number, latitude: number): bigint {
  const phi = (latitude * Math.PI) / 180
  const theta = (longitude * Math.PI) / 180
  const x = Math.cos(theta) * Math.cos(phi)
  const y = Math.sin(theta) * Math.cos(phi)
  const z = Math.sin(phi)
  const { face, u, v } = projectOntoCube(x, y, z)
  return hilbertCell(face, toIndex(u), toIndex(v))
}

function projectOntoCube(
  x: number,
  y: number,
  z: number,
): { readonly face: number; readonly u: number; readonly v: number } {
  const [width, depth, height] = [Math.abs(x), Math.abs(y), Math.abs(z)]
  if (width > depth && width > height) {
    return x < 0 ? { face: 3, u: z / x, v: y / x } : { face: 0, u: y / x, v: z / x }
  }
  if (depth > height) return y < 0 ? { face: 4, u: z / y, v: -x / y } : { face: 1, u: -x / y, v: z / y }
  return z < 0 ? { face: 5, u: -y / z, v: -x / z } : { face: 2, u: -x / z, v: -y / z }
}

/** From -1…1 on the cube's face to a column or row of cells; the quadratic stretch makes cells nearly equal in size. */
function toIndex(u: number): number {
  const s = u >= 0 ? 0.5 * Math.sqrt(1 + 3 * u) : 1 - 0.5 * Math.sqrt(1 - 3 * u)
  return Math.max(0, Math.min(SIZE - 1, Math.floor(SIZE * s)))
}

function hilbertCell(face: number, i: number, j: number): bigint {
  let orientation = face & 1
  let id = BigInt(face)
  for (let level = LEVELS - 1; level >= 0; level--) {
    const quarter = ((i >>> level) & 1) * 2 + ((j >>> level) & 1)
    const position = QUARTER_TO_POSITION[orientation]?.[quarter] ?? 0
    id = (id << 2n) | BigInt(position)
    orientation ^= TURN[position] ?? 0
  }
  return (id << 1n) | 1n
}
