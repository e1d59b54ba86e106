/** Who we are to the servers. */
export type Credentials =
  /** The servers know the user. The password is hashed before it leaves this process. */
  | { readonly mode: 'internal'; readonly user: string; readonly password: string }
  /**
   * The servers ask another authority, such as LDAP, which needs the password as it is: it is sent, and only through TLS.
   */
  | { readonly mode: 'external'; readonly user: string; readonly password: string }
  /** The client's certificate says it. */
  | { readonly mode: 'pki' }
