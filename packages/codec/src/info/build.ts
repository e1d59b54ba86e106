import { DecodeError } from '../errors.ts'

/** Version of a server, from the answer to `build`. */
export interface ServerBuild {
  readonly major: number
  readonly minor: number
  readonly patch: number
  readonly revision: number
  /** As the server wrote it, suffixes such as `-rc1` included. */
  readonly text: string
}

/**
 * A version such as `8.1.2.0` or `8.2.0.0-rc1`; missing parts count 0.
 *
 * @throws DecodeError when it does not begin with a number.
 */
export function parseBuild(text: string): ServerBuild {
  const match = /^(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?(?![\d])/.exec(text)
  if (match === null) throw new DecodeError(`not a server version: '${text.slice(0, 40)}'`, 0)
  const [major, minor, patch, revision] = match.slice(1).map((part) => Number(part ?? 0))
  return { major: major ?? 0, minor: minor ?? 0, patch: patch ?? 0, revision: revision ?? 0, text }
}

/** Negative, 0 or positive, as for `sort`. Suffixes do not count. */
export function compareBuilds(a: ServerBuild, b: ServerBuild): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || a.revision - b.revision
}

/** Whether the server is of the version given or newer. */
export function isBuildAtLeast(build: ServerBuild, major: number, minor = 0, patch = 0): boolean {
  return compareBuilds(build, { major, minor, patch, revision: 0, text: '' }) >= 0
}
