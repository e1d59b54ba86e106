import { conceal } from './concealed.ts'
import { ConfigError } from './errors.ts'

/** How the client says who it is. */
export type AuthMode = 'NONE' | 'INTERNAL' | 'EXTERNAL' | 'PKI'

/** Who the client is. Does not show its password when it is printed. */
export type Credentials =
  /** The servers keep the user; the password is hashed before it leaves. */
  | { readonly mode: 'internal'; readonly user: string; readonly password: string }
  /** Another authority does; it needs the password itself, which is sent only through TLS. */
  | { readonly mode: 'external'; readonly user: string; readonly password: string }
  /** The client's certificate says it. */
  | { readonly mode: 'pki' }

/** The mode by its public name. */
export function authModeOf(credentials: Credentials | undefined): AuthMode {
  switch (credentials?.mode) {
    case 'internal':
      return 'INTERNAL'
    case 'external':
      return 'EXTERNAL'
    case 'pki':
      return 'PKI'
    case undefined:
      return 'NONE'
  }
}

/**
 * Checks user and password. An empty user means nobody.
 *
 * @throws ConfigError that does not show the password
 */
export function readCredentials(
  mode: 'internal' | 'external',
  user: unknown,
  password: unknown,
): Credentials | undefined {
  if (typeof user !== 'string') {
    throw new ConfigError({ path: 'user', found: user, expected: 'the name of a user, or an empty text' })
  }
  if (typeof password !== 'string') {
    // The kind only: what it is may be a secret in a wrong wrapping.
    throw wrongPassword('a text')
  }
  if (user === '') return undefined
  if (password === '') {
    throw wrongPassword('a text that is not empty')
  }
  return conceal({ mode, user, password }, ['password'])
}

function wrongPassword(expected: string): ConfigError {
  return new ConfigError({
    path: 'password',
    found: undefined,
    expected,
    message: `password: expected ${expected}`,
  })
}

export const BY_CERTIFICATE: Credentials = Object.freeze({ mode: 'pki' })
