// Channels on the stand-in page: what they are, what stands in them, and posting to them.
import { ask, ServerStatusCodeError } from './lab.js'
import { Collection, Msg, MsgKey, messages, Wid } from './models.js'
import { loggedOut } from './socket.js'

export const newsletters = new Collection()

const shaped = (value, name) => {
  if (value?.[name] === undefined) throw new TypeError(`the answer has no ${name}`)
  return value[name]
}

const newsletterOf = (facts) => {
  const id = new Wid(facts.id)
  const own = new Collection()
  const add = own.add.bind(own)
  own.add = (msg) => {
    add(msg)
    messages.add(msg)
  }
  const newsletterMetadata = {
    ...facts,
    serialize() {
      const { serialize: _, ...plain } = this
      return plain
    },
  }
  const isReadOnly = !['owner', 'admin'].includes(facts.membershipType)
  const more = { t: 0, unreadCount: 0, isReadOnly, mute: { expiration: 0 }, msgs: own, newsletterMetadata, whole: false }
  return {
    ...{ id, name: facts.name, ...more },
    serialize() {
      return { id: { ...id }, name: this.name, t: this.t, unreadCount: 0, isReadOnly, msgs: [] }
    },
  }
}

/** The account's own channels, as the real page has them after it has synced. */
export const loadOwnNewsletters = async () => {
  for (const facts of shaped(await ask('GET', 'newsletters'), 'newsletters')) newsletters.add(newsletterOf(facts))
}

/** A channel that the page does not know yet. */
export const loadPreview = async (id) => {
  newsletters.add(newsletterOf(shaped(await ask('GET', `newsletters/${id}`), 'newsletter')))
}

export const refreshMetadata = async (id) => {
  const known = newsletters.get(id)
  Object.assign(known.newsletterMetadata, shaped(await ask('GET', `newsletters/${id}`), 'newsletter'))
}

/** The answer to a question by invite code, in the real one's many words. */
export const byInvite = async (code) => {
  const facts = shaped(await ask('GET', `invites/${encodeURIComponent(code)}`), 'newsletter')
  return {
    idJid: facts.id,
    newsletterCreationTimeMetadataMixin: { creationTimeValue: facts.creationTime },
    newsletterNameMetadataMixin: { nameElementValue: facts.name, nameUpdateTime: facts.creationTime },
    newsletterDescriptionMetadataMixin: { descriptionQueryDescriptionResponseMixin: { elementValue: '', updateTime: facts.creationTime } },
    newsletterInviteLinkMetadataMixin: { inviteCode: facts.inviteCode },
    newsletterStateMetadataMixin: { stateType: 'active' },
    newsletterSubscribersMetadataMixin: { subscribersCount: facts.size },
    newsletterVerificationMetadataMixin: { verificationState: 'unverified' },
  }
}

export const roleByIdentifier = () => 'guest'

/** What stands there and is not here yet; nothing when all of it is. */
export const loadEarlier = async ({ chat }) => {
  if (chat.whole) return []
  const stored = shaped(await ask('GET', `newsletters/${chat.id}/messages`), 'messages')
  chat.whole = true
  const here = new Set(chat.msgs.getModelsArray().map((msg) => msg.id.id))
  const fresh = stored.filter(({ id }) => !here.has(id)).map((facts) => messageOf(chat, facts))
  for (const msg of fresh) chat.msgs.add(msg)
  return fresh
}

const messageOf = (chat, { id, ...facts }) => new Msg({ ...facts, id: new MsgKey({ to: chat.id, id, selfDir: 'out' }), ack: 1 })

/**
 * Posts. A no of the other side is no error but `success: false`: that is how the real page puts it, too.
 */
export const sendJob = async ({ msg, type, newsletterJid, mediaHandle }) => {
  const sent = { id: msg.id.id, type, text: type === 'media' ? (msg.caption ?? '') : msg.body, media: mediaHandle ?? null }
  try {
    const answer = await ask('POST', `newsletters/${newsletterJid}/messages`, { body: JSON.stringify(sent) })
    return { success: true, ack: { t: shaped(answer, 't') }, serverId: shaped(answer, 'serverId') }
  } catch (error) {
    if (!(error instanceof ServerStatusCodeError) || error.status >= 500) throw error
    if (error.status === 401) loggedOut()
    return { success: false, ack: { error: String(error.status) } }
  }
}
