// Channels of WhatsApp's stand-in: whoever first asks for one owns it, everybody else only reads; what is posted goes into the ledger.
import { createHash } from 'node:crypto'
import type { LedgerImage } from '../ledger.ts'
import { type Answer, type Parts, Refusal } from '../room.ts'
import { no, yes } from './answers.ts'

/**
 * The most that is taken. A text: what Meta documents for the Cloud API (4096; the composer of WhatsApp Web stops at 65536 only); a caption:
 * where the composer of WhatsApp Web stops. What the servers take in channels is documented nowhere: the lab is at least as strict.
 */
export interface WhatsappLimits {
  readonly text: number
  readonly caption: number
  /** Bytes of an image and of a video: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media */
  readonly image: number
  readonly video: number
}

export const whatsappLimits: WhatsappLimits = { text: 4096, caption: 1024, image: 5_000_000, video: 16_000_000 }

const imageTypes: readonly string[] = ['image/jpeg', 'image/png']
const videoTypes: readonly string[] = ['video/mp4', 'video/3gpp']

interface Message {
  readonly id: string
  readonly serverId: number
  readonly type: string
  readonly t: number
  readonly body?: string
  readonly caption?: string
  readonly directPath?: string
  readonly mimetype?: string
}

interface Newsletter {
  readonly id: string
  readonly inviteCode: string
  readonly owner: string
  messages: Message[]
}

/** What the page hands over when it posts. */
export interface Sent {
  readonly id: string
  readonly type: string
  readonly text: string
  readonly media: string | null
}

export interface Newsletters {
  ownOf(account: string): Answer
  show(account: string, id: string): Answer
  byInvite(account: string, code: string): Answer
  messages(account: string, id: string): Answer
  post(account: string, id: string, sent: Sent): Answer
  upload(bytes: Buffer, type: string): Answer
  clear(): void
}

export const openNewsletters = (parts: Parts, limits: WhatsappLimits): Newsletters => {
  const all = new Map<string, Newsletter>()
  const uploads = new Map<string, Omit<LedgerImage, 'alt'>>()
  const made = (id: string, inviteCode: string, owner: string): Newsletter => {
    const fresh = { id, inviteCode, owner, messages: [] }
    all.set(id, fresh)
    return fresh
  }
  /** Ids that begin with 0 do not exist; every other one does as soon as somebody asks. */
  const found = (account: string, id: string): Newsletter => {
    if (!/^[1-9]\d{5,30}@newsletter$/.test(id)) throw new Refusal(no(404))
    return all.get(id) ?? made(id, inviteOf(id), account)
  }
  const shown = (account: string, one: Newsletter): object => ({
    id: one.id,
    name: `Kanal von ${one.owner}`,
    inviteCode: one.inviteCode,
    membershipType: one.owner === account ? 'owner' : 'subscriber',
    size: followersOf(one.owner),
    creationTime: 1_700_000_000,
  })
  const refuse = (one: Newsletter, account: string, { text, media }: Sent): void => {
    if (one.owner !== account) throw new Refusal(no(403))
    if (text.length > (media === null ? limits.text : limits.caption)) throw new Refusal(no(413))
    if (media !== null && !uploads.has(media)) throw new Refusal(no(404))
    if (text === '' && media === null) throw new Refusal(no(400))
  }
  return {
    ownOf: (account) => yes({ newsletters: [...all.values()].filter(({ owner }) => owner === account).map((one) => shown(account, one)) }),
    show: (account, id) => yes({ newsletter: shown(account, found(account, id)) }),
    byInvite: (account, code) => {
      if (!/^[\w-]{10,40}$/.test(code)) throw new Refusal(no(404))
      const one = [...all.values()].find(({ inviteCode }) => inviteCode === code) ?? made(idOf(code), code, account)
      return yes({ newsletter: shown(account, one) })
    },
    messages: (account, id) => yes({ messages: found(account, id).messages }),
    post: (account, id, sent) => {
      const one = found(account, id)
      refuse(one, account, sent)
      const at = parts.now()
      const serverId = 100 + one.messages.length
      const media = sent.media === null ? undefined : uploads.get(sent.media)
      one.messages.push({ id: sent.id, serverId, t: Math.floor(at / 1000), ...contentOf(sent, media) })
      const url = `${parts.url()}/whatsapp/channel/${one.inviteCode}/${serverId}`
      const birth = { platform: 'whatsapp', account, id: String(serverId), url, replyTo: null }
      parts.ledger.add(birth, ledgerContent(sent.text, media), new Date(at).toISOString())
      return yes({ t: Math.floor(at / 1000), serverId })
    },
    upload: (bytes, type) => {
      const most = imageTypes.includes(type) ? limits.image : videoTypes.includes(type) ? limits.video : 0
      if (bytes.length > most) throw new Refusal(no(most === 0 ? 415 : 413))
      const sha256 = parts.ledger.keep(bytes, type)
      uploads.set(sha256, { sha256, size: bytes.length, type })
      return yes({ handle: sha256, path: `/${sha256}` })
    },
    clear: () => {
      uploads.clear()
      for (const one of all.values()) one.messages = []
    },
  }
}

const contentOf = ({ text }: Sent, media: Omit<LedgerImage, 'alt'> | undefined): Pick<Message, 'type'> & Partial<Message> =>
  media === undefined
    ? { type: 'chat', body: text }
    : { type: kindOf(media.type), caption: text, directPath: `/${media.sha256}`, mimetype: media.type }

const kindOf = (type: string): 'image' | 'video' => (type.startsWith('video/') ? 'video' : 'image')

/** There are no alternative texts on WhatsApp. */
const ledgerContent = (text: string, media: Omit<LedgerImage, 'alt'> | undefined) => ({
  text,
  language: null,
  link: /https?:\/\/[^\s<>"]+/.exec(text)?.[0] ?? null,
  images: media !== undefined && kindOf(media.type) === 'image' ? [{ ...media, alt: '' }] : [],
  ...(media !== undefined && kindOf(media.type) === 'video' && { video: { ...media, alt: '', captions: [] } }),
})

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const followersOf = (owner: string): number => digest(owner).readUInt16BE()
const inviteOf = (id: string): string => `0029Va${digest(id).toString('base64url').replace(/[-_]/g, 'x').slice(0, 16)}`
const idOf = (code: string): string => `1${(digest(code).readBigUInt64BE() % 10n ** 17n).toString().padStart(17, '0')}@newsletter`
