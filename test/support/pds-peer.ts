// A real personal data server behind a proxy, as a peer of the contract: the faults are the proxy's, everything else is real.
import type { FaultName, PeerKind, PeerPost } from '../contract/peer.ts'
import { type PassedRequest, proxyFaults, startFaultProxy } from './fault-proxy.ts'
import { startPds } from './pds.ts'

interface Listed {
  readonly records: readonly {
    readonly uri: string
    readonly value: {
      readonly text: string
      readonly langs?: readonly string[]
      readonly reply?: { readonly parent: { readonly uri: string } }
      readonly embed?: { readonly images?: readonly { readonly alt: string; readonly image: { readonly size: number } }[] }
    }
  }[]
  readonly cursor?: string
}

export const pdsPeer = (): PeerKind => ({
  faults: new Set<FaultName>(proxyFaults),
  enforcesLimits: true,
  // Without the network's index a data server knows nothing of followers.
  hasInsights: false,
  open: async () => {
    const pds = await startPds()
    const proxy = await startFaultProxy({ target: pds.url, callOf, answers })
    const settings = { handle: pds.handle, appPassword: pds.password, base: proxy.url }
    return {
      settings,
      strangerSettings: { ...settings, appPassword: 'nobody-knows-this-password' },
      secrets: [pds.password, 'nobody-knows-this-password'],
      set: async (fault) => proxy.set(fault),
      struck: async () => proxy.struck(),
      posts: () => postsOf(pds.url, pds.did),
      close: async () => {
        await proxy.close()
        await pds[Symbol.asyncDispose]()
      },
    }
  },
})

const callOf = ({ path }: PassedRequest) => {
  if (path.includes('com.atproto.repo.putRecord')) return 'publish'
  return path.includes('com.atproto.repo.getRecord') ? 'read' : 'other'
}

/** As a PDS says them. */
const answers = {
  refuse: [400, { error: 'InvalidRequest', message: 'Invalid app.bsky.feed.post record' }],
  'expired-token': [400, { error: 'ExpiredToken', message: 'Token has expired' }],
} as const

const postsOf = async (url: string, repo: string): Promise<readonly PeerPost[]> => {
  const posts: PeerPost[] = []
  let cursor: string | undefined
  do {
    const query = new URLSearchParams({ repo, collection: 'app.bsky.feed.post', limit: '100', ...(cursor && { cursor }) })
    const listed = (await (await fetch(`${url}/xrpc/com.atproto.repo.listRecords?${query}`)).json()) as Listed
    posts.unshift(...listed.records.map(asPost).reverse())
    cursor = listed.cursor
  } while (cursor)
  return posts
}

const asPost = ({ uri, value }: Listed['records'][number]): PeerPost => ({
  id: uri,
  text: value.text,
  language: value.langs?.[0] ?? null,
  replyTo: value.reply?.parent.uri ?? null,
  images: (value.embed?.images ?? []).map(({ alt, image }) => ({ alt, size: image.size })),
})
