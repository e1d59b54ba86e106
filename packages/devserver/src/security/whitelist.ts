import { BlockList, isIP } from 'node:net'

const BITS = { ipv4: 32, ipv6: 128 } as const

/** Whether this is an address, or a network such as `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  if (bits === undefined) return true
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? BITS.ipv4 : BITS.ipv6)
}

/** Whether one of the networks has this address. */
export function isListed(networks: readonly string[], remoteAddress: string): boolean {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    list.addSubnet(address, bits === undefined ? BITS[family] : Number(bits), family)
  }
  // An IPv4 client of a listener for both comes as ::ffff:1.2.3.4; BlockList knows it as the IPv4 address.
  return list.check(remoteAddress, isIP(remoteAddress) === 6 ? 'ipv6' : 'ipv4')
}
