// Who is this caller, as far as an address tells: the one place for every limit that counts by address.
import { isIPv4, isIPv6 } from 'node:net'

/**
 * The name under which the calls of an address are counted. IPv4: the address, also where it arrives as IPv6 (`::ffff:192.0.2.7`). IPv6: its
 * /64, because every customer has one of their own and may use 2^64 addresses of it. What is no address is its own name.
 */
export const callerAddress = (ip: string): string => {
  const [address = ''] = ip.split('%', 1) // a zone (`fe80::1%eth0`) is this machine's own word
  if (!isIPv6(address)) return address
  const groups = groupsOf(address)
  const mapped = mappedIn(groups)
  return mapped ?? `${groups.slice(0, 4).join(':')}::/64`
}

/** The eight groups, without leading zeros. */
const groupsOf = (address: string): readonly string[] => {
  // the form that browsers write, in which four bytes at the end are two groups too
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [before = '', after] = written.split('::')
  const [left, right] = [before, after ?? ''].map((part) => (part === '' ? [] : part.split(':'))) as [string[], string[]]
  return after === undefined ? left : [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
}

/** The IPv4 address within `::ffff:0:0/96` (RFC 4291, 2.5.5.2). */
const mappedIn = (groups: readonly string[]): string | undefined => {
  if (groups.slice(0, 5).some((group) => group !== '0') || groups[5] !== 'ffff') return undefined
  const [high, low] = groups.slice(6).map((group) => Number.parseInt(group, 16)) as [number, number]
  const address = [high >> 8, high & 255, low >> 8, low & 255].join('.')
  return isIPv4(address) ? address : undefined
}
