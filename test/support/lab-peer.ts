// A room of the lab as a peer of the contract: switched and read over HTTP, as a person would.
import { after } from 'node:test'
import { type LabSettings, startLab } from '../../lab/lab.ts'
import { type Fault, type FaultName, faults, type Lack, type PeerKind, type PeerMood, type PeerPost } from '../contract/peer.ts'
import { type FaultProxy, type PassedRequest, startFaultProxy } from './fault-proxy.ts'

export interface LabPeerOptions {
  readonly platform: string
  readonly lab?: LabSettings
  /** Settings beside `base`; `secret` names the field that holds the credential; absent: there is none. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly secret?: string
  /** What the platform cannot make go wrong. */
  readonly without?: readonly FaultName[]
  /** Faults that look like any other there. */
  readonly unclear?: readonly (keyof typeof faults)[]
  /** What the platform does not have. */
  readonly lacks?: readonly Lack[]
  /** False where the platform's borders are not known. */
  readonly enforcesLimits?: boolean
  /** Something between the connector and the lab; gets the room's address and gives the one to use. */
  between?(target: string): Promise<string>
}

interface LabEntry extends Omit<PeerPost, 'replyTo'> {
  readonly replyTo: string | null
  readonly deletedAt: string | null
}

/** Everything the lab can make go wrong and the contract knows. */
const labFaults: ReadonlySet<FaultName> = new Set([...(Object.keys(faults) as FaultName[]), 'hang', 'post-late', 'expired-token'])

const credential = 'rehearsal-bonn-contract'

export const labPeer = ({ platform, lab: wanted, settings, secret, between, ...more }: LabPeerOptions): PeerKind => ({
  faults: new Set([...labFaults].filter((fault) => !more.without?.includes(fault))),
  means: Object.fromEntries((more.unclear ?? []).map((fault) => [fault, 'unclear'])),
  enforcesLimits: more.enforcesLimits ?? true,
  lacks: new Set(more.lacks),
  hasInsights: true,
  moods: ['cleaned', ...(platform === 'mastodon' ? (['markdown', 'markdown-only'] as const) : [])],
  open: async () => {
    const lab = await startLab({ port: 0, ...(wanted && { settings: wanted }) })
    const room = `${lab.url}/${platform}`
    const base = (await between?.(room)) ?? room
    const ask = async (path: string, init?: RequestInit) => {
      const response = await fetch(lab.url + path, init)
      if (!response.ok) throw new Error(`the lab answers ${response.status}: ${await response.text()}`)
      return response.status === 204 ? undefined : response.json()
    }
    const mooded = (mood: PeerMood | null): Promise<unknown> =>
      ask(`/moods/${platform}`, {
        method: mood === null ? 'DELETE' : 'PUT',
        ...(mood && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(mood) }),
      })
    const set = (fault: Fault | null): Promise<unknown> =>
      fault === null
        ? ask(`/faults/${platform}`, { method: 'DELETE' })
        : ask(`/faults/${platform}`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault) })
    return {
      settings: { ...settings, base, ...(secret && { [secret]: credential }) },
      ...(secret && { strangerSettings: { ...settings, base, [secret]: 'nobody-knows-this-credential' } }),
      secrets: [credential, 'nobody-knows-this-credential'],
      set: async (fault) => void (await set(fault)),
      mood: async (mood) => void (await mooded(mood)),
      struck: async () => ((await ask(`/faults/${platform}`)) as unknown[]).length === 0,
      posts: async () =>
        ((await ask(`/ledger?platform=${platform}`)) as LabEntry[]).filter(({ deletedAt }) => deletedAt === null).map(asPost),
      close: () => lab.stop(),
    }
  },
})

const asPost = ({ id, text, language, replyTo, images }: LabEntry): PeerPost => ({
  id,
  text,
  language,
  replyTo,
  images: images.map(({ alt, size }) => ({ alt, size })),
})

/** The same peer with every request noted on its way to the lab; `seen` gives those of all peers that were opened. */
export const notedPeer = (
  options: Omit<LabPeerOptions, 'between'>,
): { readonly peer: PeerKind; readonly seen: () => readonly PassedRequest[] } => {
  const proxies: FaultProxy[] = []
  after(() => Promise.all(proxies.map((proxy) => proxy.close())))
  const between = async (target: string): Promise<string> => {
    const proxy = await startFaultProxy({ target })
    proxies.push(proxy)
    return proxy.url
  }
  return { peer: labPeer({ ...options, between }), seen: () => proxies.flatMap(({ requests }) => requests) }
}
