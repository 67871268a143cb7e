// Statuses on Mastodon: posting once per idempotency key, editing, deleting, reading back.
import { setTimeout as pause } from 'node:timers/promises'
import type { Content } from '../ledger.ts'
import { type Answer, type Ask, type Parts, Refusal } from '../room.ts'
import { failed, invalid, noRecord, unprocessable } from './answers.ts'
import { type Account, historyJson, type Media, type Status, statusJson, type Visibility } from './entities.ts'
import { type Fields, fieldsOf } from './fields.ts'
import { openKeys } from './keys.ts'
import type { MastodonSettings } from './limits.ts'
import type { MediaDesk } from './media.ts'
import { linksOf, measured } from './text.ts'

export interface StatusDesk {
  post(account: Account, ask: Ask): Promise<Answer>
  edit(account: Account, id: string, ask: Ask): Promise<Answer>
  remove(account: Account, id: string): Answer
  show(id: string): Answer
  source(id: string): Answer
  history(id: string): Answer
  context(id: string): Answer
  list(account: Account, query: URLSearchParams): Answer
  clear(): void
}

/** What the desk works with: the lab's parts, the instance's settings, its uploads and its ids. */
export interface StatusParts extends Parts {
  readonly settings: MastodonSettings
  readonly media: MediaDesk
  nextId(): string
}

export const openStatuses = (parts: StatusParts): StatusDesk => {
  const all = new Map<string, Status>()
  const keys = openKeys(parts.now, parts.settings.keySeconds)
  const found = (id: string): Status => {
    const status = all.get(id)
    if (!status) throw noRecord()
    return status
  }
  const own = (account: Account, id: string): Status => {
    const status = found(id)
    if (status.account !== account) throw noRecord()
    return status
  }
  const shown = (status: Status): Answer => ({ status: 200, body: statusJson(status, parts) })
  return {
    async post(account, ask) {
      const key = ask.headers['idempotency-key']
      const fields = await fieldsOf(ask)
      const answered = answeredStatus(all, one(fields, 'in_reply_to_id'))
      const known = key ? keys.find(account.id, String(key)) : undefined
      if (known !== undefined) return shown(found(known))
      if (parts.settings.postingMs > 0) await pause(parts.settings.postingMs)
      const status = newStatus(parts, account, { fields, answered })
      all.set(status.id, status)
      if (key) keys.keep(account.id, String(key), status.id)
      return shown(status)
    },
    async edit(account, id, ask) {
      const status = own(account, id)
      revise(parts, status, await fieldsOf(ask))
      return shown(status)
    },
    remove(account, id) {
      const status = own(account, id)
      const body = { ...statusJson(status, parts), text: status.page.revisions.at(-1)!.text }
      all.delete(id)
      account.statuses = account.statuses.filter((other) => other !== status)
      if (status.answered?.replies) status.answered.replies = status.answered.replies.filter((other) => other !== status)
      parts.ledger.remove(status.page, iso(parts))
      return { status: 200, body }
    },
    show: (id) => shown(found(id)),
    source(id) {
      if (parts.mood().text === 'markdown-only') throw new Refusal(failed(404, 'Not Found'))
      const newest = found(id).page.revisions.at(-1)!
      return { status: 200, body: { id, text: newest.text, spoiler_text: newest.notice ?? '' } }
    },
    history: (id) => ({ status: 200, body: historyJson(found(id), parts) }),
    context: (id) => ({ status: 200, body: contextJson(found(id), all, parts) }),
    list: (account, query) => ({ status: 200, body: listed(account, query).map((status) => statusJson(status, parts)) }),
    clear() {
      all.clear()
      keys.clear()
    },
  }
}

const iso = (parts: Parts): string => new Date(parts.now()).toISOString()

const one = (fields: Fields, name: string): string | undefined => fields.values.get(name)?.at(-1)

const flag = (value: string | undefined): boolean | undefined => (value === undefined ? undefined : value === 'true' || value === '1')

const answeredStatus = (all: ReadonlyMap<string, Status>, id: string | undefined): Status | null => {
  if (!id) return null
  const status = all.get(id)
  if (!status) throw new Refusal(failed(404, 'The post you are trying to reply to does not appear to exist.'))
  return status
}

const visibilities: readonly string[] = ['public', 'unlisted', 'private', 'direct']

const visibilityOf = (fields: Fields): Visibility => {
  const wish = one(fields, 'visibility') || 'public'
  if (!visibilities.includes(wish)) throw unprocessable(`'${wish}' is not a valid visibility`)
  return wish as Visibility
}

/** A language as Mastodon keeps it: the primary subtag; the instance's own where it is none. */
const languageOf = (tag: string | undefined): string => /^([a-z]{2,3})\b/i.exec(tag ?? '')?.[1]?.toLowerCase() ?? 'de'

/** The content of a status after the checks that every version of it passes. */
const checkedContent = ({ settings }: StatusParts, fields: Fields, media: readonly Media[]): Content => {
  const notice = one(fields, 'spoiler_text') ?? ''
  const text = (one(fields, 'status') ?? '').trim()
  if (text === '' && media.length === 0) throw invalid("Text can't be blank")
  if (tooLong(settings, text, notice)) throw invalid(`Text character limit of ${settings.maxCharacters} exceeded`)
  const images = media.map(({ image, description }) => ({ alt: description ?? '', ...image }))
  return { text, language: languageOf(one(fields, 'language')), link: linksOf(text)[0]?.href ?? null, images, ...(notice && { notice }) }
}

/** A text without links cannot measure more than its UTF-16 units, so that most need no counting. */
const tooLong = ({ maxCharacters, charactersReservedPerUrl }: MastodonSettings, text: string, notice: string): boolean =>
  (text.includes('://') || text.length + notice.length > maxCharacters) && measured(text, notice, charactersReservedPerUrl) > maxCharacters

const newStatus = (parts: StatusParts, account: Account, { fields, answered }: { fields: Fields; answered: Status | null }): Status => {
  for (const absent of ['scheduled_at', 'poll']) if (one(fields, absent)) throw unprocessable(`${absent} is not played in the lab`)
  const visibility = visibilityOf(fields)
  const media = parts.media.attach(account, fields.values.get('media_ids') ?? [], null)
  const content = checkedContent(parts, fields, media)
  const id = parts.nextId()
  const birth = {
    platform: 'mastodon',
    account: account.name,
    id,
    url: `${parts.url()}/mastodon/@${account.name}/${id}`,
    replyTo: answered?.id ?? null,
  }
  const sensitive = flag(one(fields, 'sensitive')) ?? content.notice !== undefined
  const status: Status = { id, account, page: parts.ledger.add(birth, content, iso(parts)), answered, visibility, sensitive, media }
  for (const one of media) one.statusId = id
  account.statuses.push(status)
  if (answered) answered.replies = [...(answered.replies ?? []), status]
  return status
}

/** An edit as Mastodon does it: what it leaves out is emptied, and an edit that changes nothing leaves no trace. */
const revise = (parts: StatusParts, status: Status, fields: Fields): void => {
  const media = parts.media.attach(status.account, fields.values.get('media_ids') ?? [], status.id)
  const before = status.page.revisions.at(-1)!
  const redescribed = parts.media.redescribe(media, fields)
  const content = checkedContent(parts, fields, media)
  const language = one(fields, 'language') ? content.language : before.language
  const same = content.text === before.text && content.notice === before.notice && language === before.language
  const sameMedia = media.length === status.media.length && media.every((one, index) => one === status.media[index])
  status.sensitive = flag(one(fields, 'sensitive')) ?? status.sensitive
  if (same && sameMedia && !redescribed) return
  for (const one of media) one.statusId = status.id
  status.media = media
  parts.ledger.revise(status.page, { ...content, language }, iso(parts))
}

const contextJson = (status: Status, all: ReadonlyMap<string, Status>, parts: Parts) => {
  const ancestors: Status[] = []
  for (let above = status.answered; above; above = above.answered) if (all.has(above.id)) ancestors.unshift(above)
  const below = (one: Status): Status[] => (one.replies ?? []).flatMap((reply) => [reply, ...below(reply)])
  return { ancestors: ancestors.map((one) => statusJson(one, parts)), descendants: below(status).map((one) => statusJson(one, parts)) }
}

/** Ids are numbers of any length: the longer is the larger. */
const larger = (one: string, other: string): boolean => (one.length === other.length ? one > other : one.length > other.length)

/** A page of an account's statuses, newest first. `exclude_replies` keeps answers to oneself, as Mastodon does. */
const listed = (account: Account, query: URLSearchParams): Status[] => {
  const limit = Math.min(Math.max(Number(query.get('limit')) || 20, 1), 40)
  const [since, max, min] = [query.get('since_id'), query.get('max_id'), query.get('min_id')]
  const fits = ({ id, answered, media }: Status): boolean =>
    (!since || larger(id, since)) &&
    (!max || larger(max, id)) &&
    (!min || larger(id, min)) &&
    !(flag(query.get('exclude_replies') ?? undefined) && answered && answered.account !== account) &&
    !(flag(query.get('only_media') ?? undefined) && media.length === 0) &&
    !flag(query.get('pinned') ?? undefined)
  if (min) return account.statuses.filter(fits).slice(0, limit).reverse()
  const page: Status[] = []
  for (let index = account.statuses.length - 1; index >= 0 && page.length < limit; index--)
    if (fits(account.statuses[index]!)) page.push(account.statuses[index]!)
  return page
}
