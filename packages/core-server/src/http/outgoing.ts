// Addresses that a request names (callback_url, model_server): never inside our own network, unless the operator allows
// the host. The address is checked when it is given and again on the connection, so that a name cannot change in between.

import { lookup } from 'node:dns'
import { BlockList, isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { CodedError } from '@tabula/protocol'
import type { Agent, Dispatcher } from 'undici'

// Two lists: one list would take every IPv4 address for a mapped IPv6 one.
const INNER = { ipv4: new BlockList(), ipv6: new BlockList() }
const INNER_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const
// An IPv6 address that carries an IPv4 one is refused as a kind: mapped, translated (NAT64), 6to4 and Teredo.
const INNER_V6 = [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const
for (const [net, bits] of INNER_V4) INNER.ipv4.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of INNER_V6) INNER.ipv6.addSubnet(net, bits, 'ipv6')

export interface Outgoing {
  /** Throws CodedError `outgoing.refused` (400) for an address that must not be called. */
  check(url: string, parameter: string): Promise<URL>
  /** Calls it once, follows no redirect; rejects where the connection would reach inside. */
  request(
    url: URL,
    options: Omit<Dispatcher.RequestOptions, 'origin' | 'path'>,
  ): Promise<Dispatcher.ResponseData>
  /** Connections of the caller's own to this address, under the same guard. */
  openAgent(url: URL): Promise<Agent>
  close(): Promise<void>
}

/** `allowed` are hosts (`name` or `name:port`) that may be inside. */
export function createOutgoing(allowed: readonly string[] = []): Outgoing {
  const isAllowed = (url: URL): boolean => allowed.includes(url.host) || allowed.includes(url.hostname)
  const openAgent = async (url: URL): Promise<Agent> => {
    const { Agent } = await import('undici')
    return isAllowed(url) ? new Agent() : new Agent({ connect: { lookup: guardedLookup } })
  }
  const agents = new Set<Agent>()
  return {
    async check(text, parameter) {
      const url = URL.canParse(text) ? new URL(text) : null
      if (url === null || !/^https?:$/.test(url.protocol)) {
        throw refused(parameter, 'it should be a full http or https address.')
      }
      if (isAllowed(url)) return url
      const addresses = await addressesOf(url.hostname).catch(() => [])
      if (addresses.length === 0) throw refused(parameter, 'its host is not known.')
      if (addresses.some(isInner)) throw refused(parameter, 'its host is inside this network.')
      return url
    },
    openAgent,
    async request(url, options) {
      const agent = await openAgent(url)
      agents.add(agent)
      try {
        return await agent.request({ ...options, origin: url.origin, path: `${url.pathname}${url.search}` })
      } finally {
        // Once the answer is read nothing is kept open: such calls are few and each to an address of its own. Closing
        // fails only where the server stopped meanwhile and destroyed the agent.
        void agent
          .close()
          .catch(() => undefined)
          .finally(() => agents.delete(agent))
      }
    },
    async close() {
      for (const agent of agents) await agent.destroy()
    },
  }
}

/** Node's own lookup, which gives no inner address. A literal address never comes here: `check` has seen it. */
const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      callback(error, '', 0)
      return
    }
    const [first] = addresses
    if (first === undefined || addresses.some(({ address }) => isInner(address))) {
      callback(Object.assign(new Error('The host is inside this network.'), { code: 'EACCES' }), '', 0)
    } else if (options.all === true) callback(null, addresses)
    else callback(null, first.address, first.family)
  })
}

async function addressesOf(hostname: string): Promise<readonly string[]> {
  const literal = hostname.replace(/^\[(.+)\]$/, '$1')
  if (isIP(literal) !== 0) return [literal]
  return new Promise((resolve, reject) => {
    lookup(literal, { all: true }, (error, found) => {
      if (error === null) resolve(found.map(({ address }) => address))
      else reject(error)
    })
  })
}

/** Whether the address is private, local, reserved, or carries such a one. */
export function isInner(address: string): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  return INNER[family].check(address, family)
}

function refused(parameter: string, why: string): CodedError {
  return new CodedError('outgoing.refused', `${parameter} is not called: ${why}`, {
    status: 400,
    details: { parameter },
  })
}
