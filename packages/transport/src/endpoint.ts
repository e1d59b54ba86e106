/** Where a node listens. */
export class Endpoint {
  /** Name or address; an IPv6 address stands without brackets. */
  readonly host: string
  readonly port: number
  /** The name that the node's certificate must carry, when it is not `host`. */
  readonly tlsName: string | undefined

  constructor(host: string, port: number, tlsName?: string) {
    this.host = host
    this.port = port
    this.tlsName = tlsName
  }

  equals(other: Endpoint): boolean {
    return this.host === other.host && this.port === other.port && this.tlsName === other.tlsName
  }

  /** `host:port`, an IPv6 address in brackets. */
  toString(): string {
    return this.host.includes(':') ? `[${this.host}]:${this.port}` : `${this.host}:${this.port}`
  }
}
