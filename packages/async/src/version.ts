/** Version of the client, as servers from 8.1 are told. A test holds it against the manifest. */
export const VERSION = '0.0.0'
