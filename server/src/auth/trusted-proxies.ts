// Parses which proxies are trusted: their X-Forwarded-For, -Host and -Proto give the client's address, the host and the
// scheme. None by default, since any client can send these headers.

import { BlockList, isIP } from 'node:net'

/** True when this address is trusted. Hop 0 is the peer; hops count towards the client. */
export type TrustProxy = (address: string | undefined, hop: number) => boolean

export const TRUST_NOBODY: TrustProxy = () => false
const HOPS_MAX = 32

/**
 * @param text a comma list of addresses and networks (`10.0.0.0/8`), or the number of proxies in front; empty for none.
 * @returns undefined when it is invalid.
 */
export function parseTrustProxy(text: string): TrustProxy | undefined {
  const items = text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
  if (items.length === 0) return TRUST_NOBODY
  if (items.length === 1 && /^[0-9]+$/.test(items[0]!)) {
    const count = Number(items[0])
    return count <= HOPS_MAX ? (_address, hop) => hop < count : undefined
  }
  const trusted = new BlockList()
  for (const item of items) if (!addNetwork(trusted, item)) return undefined
  return address => {
    const version = isIP(address ?? '')
    return version !== 0 && trusted.check(address!, version === 4 ? 'ipv4' : 'ipv6')
  }
}

function addNetwork(list: BlockList, text: string): boolean {
  const [address, bits, ...rest] = text.split('/')
  const version = isIP(address!)
  if (version === 0 || rest.length > 0) return false
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const widest = version === 4 ? 32 : 128
  if (bits === undefined) list.addAddress(address!, family)
  else if (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= widest) list.addSubnet(address!, Number(bits), family)
  else return false
  return true
}
