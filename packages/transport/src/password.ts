import { hash } from 'bcryptjs'

/** The salt that every client and server use, so that both come to the same hash. */
const SALT = '$2a$10$7EqJtq98hPqEX7fNZaFWoO'

/** Stands for the password of a user who has none, because a certificate says who it is. */
export const NO_PASSWORD = 'nopassword'

/**
 * A password as the servers keep it. Whoever has the hash can log in: it is a secret like the password.
 *
 * Takes about a tenth of a second, of which the event loop is not blocked for long.
 */
export function hashPassword(password: string): Promise<string> {
  return hash(password, SALT)
}
