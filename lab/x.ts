// X's stand-in, API version 2, written from https://docs.x.com: tokens, credit, weighted length, uploads, replies, errors.
import type { Answer, Ask, Call, Operation, Parts, Room } from './room.ts'
import { noCredit, notFound, unauthorized, xAnswers } from './x/answers.ts'
import { type Account, newAccount, userJson } from './x/entities.ts'
import { fieldsIn } from './x/fields.ts'
import { type Metered, openMeter, type XSettings, xDefaults } from './x/limits.ts'
import { openMedia } from './x/media.ts'
import { openPosts } from './x/posts.ts'
import { openTokens } from './x/tokens.ts'

export type { XSettings } from './x/limits.ts'

/** What an address does for an account, once its method and path are known. */
interface Step {
  readonly operation: Operation
  readonly meter: Metered | null
  act(account: Account): Answer | Promise<Answer>
}

/** Opens the room. A token `rehearsal-<account>` is good for that account; every other one is refused. */
export const openX = (parts: Parts, settings: Partial<XSettings> = {}): Room => {
  const desk = openDesk(parts, { ...xDefaults, ...settings })
  return {
    platform: 'x',
    answers: xAnswers(100, parts.now),
    call(ask) {
      if (ask.path === '/2/oauth2/token' && ask.method === 'POST')
        return { operation: 'session', account: desk.tokens.ownerOf(ask), act: () => desk.tokens.renew(ask) }
      const seen = /^\/[^/]+\/status\/(\d+)$/.exec(ask.path)?.[1]
      if (seen !== undefined) return addressed(desk, ask, seen)
      const step = stepOf(desk, ask)
      return step && callOf(desk, ask, step)
    },
    clear() {
      desk.posts.clear()
      desk.media.clear()
      for (const account of desk.accounts.values()) account.posts = []
    },
  }
}

type Desk = ReturnType<typeof openDesk>

const openDesk = (parts: Parts, settings: XSettings) => {
  const nextId = snowflakes(parts.now)
  const media = openMedia(parts, settings, nextId)
  return {
    parts,
    settings,
    media,
    posts: openPosts({ ...parts, settings, media, nextId }),
    tokens: openTokens(settings, parts.now),
    meter: openMeter(settings.rateLimits, parts.now),
    accounts: new Map<string, Account>(),
  }
}

/** Ids like X's: milliseconds since 2010-11-04 shifted by 22 bits, always increasing. https://docs.x.com/fundamentals/x-ids */
const snowflakes = (now: () => number): (() => string) => {
  let last = 0n
  return () => {
    const wanted = (BigInt(Math.floor(now())) - 1_288_834_974_657n) << 22n
    last = wanted > last ? wanted : last + 1n
    return String(last)
  }
}

/** Whatever name its address has, a post is found by its id; undefined where the page itself is meant. */
const addressed = (desk: Desk, ask: Ask, id: string): Call | undefined => {
  const location = desk.posts.addressOf(id)
  if (ask.method !== 'GET' || location === undefined || location === `${desk.parts.url()}/x${ask.path}`) return undefined
  return { operation: 'read', account: null, act: () => ({ status: 302, headers: { location } }) }
}

const accountNamed = (desk: Desk, name: string): Account => {
  const known = desk.accounts.get(name)
  if (known) return known
  const account = newAccount(name)
  desk.accounts.set(name, account)
  return account
}

const callOf = (desk: Desk, ask: Ask, { operation, meter, act }: Step): Call => {
  const name = desk.tokens.nameOf(ask)
  const answer = (): Answer | Promise<Answer> => {
    if (name === null) return unauthorized()
    const account = accountNamed(desk, name)
    return desk.settings.credit ? desk.meter(account.id, meter, () => act(account)) : noCredit(account.id)
  }
  return { operation, account: name, act: answer }
}

const step = (operation: Operation, meter: Metered | null, act: Step['act']): Step => ({ operation, meter, act })

const stepOf = (desk: Desk, ask: Ask): Step | undefined => {
  const [, version, kind, ...rest] = ask.path.split('/')
  if (version !== '2') return undefined
  switch (kind) {
    case 'tweets':
      return postStep(desk, ask, rest)
    case 'users':
      return userStep(desk, ask, rest)
    case 'media':
      return mediaStep(desk, ask, rest)
    default:
      return undefined
  }
}

const postStep = ({ posts }: Desk, ask: Ask, [id, ...more]: readonly string[]): Step | undefined => {
  if (more.length > 0) return undefined
  if (id === undefined) return ask.method === 'POST' ? step('publish', 'posts', (account) => posts.create(account, ask)) : undefined
  if (ask.method === 'DELETE') return step('delete', 'deletions', (account) => posts.remove(account, id))
  return ask.method === 'GET' ? step('read', 'lookup', () => posts.show(id, ask.query)) : undefined
}

const userStep = (desk: Desk, ask: Ask, [id, part]: readonly string[]): Step | undefined => {
  if (ask.method !== 'GET') return undefined
  if (id === 'me' && part === undefined)
    return step('read', 'me', (account) => ({
      status: 200,
      body: { data: userJson(account, desk.parts, fieldsIn(ask.query, 'user.fields')) },
    }))
  if (part !== 'tweets') return undefined
  return step('read', 'timeline', () => {
    const account = [...desk.accounts.values()].find((one) => one.id === id)
    if (!account) throw notFound(`Could not find user with id: [${id}].`)
    return desk.posts.list(account, ask.query)
  })
}

const mediaStep = ({ media }: Desk, ask: Ask, [part, id, action, ...more]: readonly string[]): Step | undefined => {
  if (more.length > 0) return undefined
  switch (`${ask.method} ${part} ${action ?? (id === 'initialize' ? id : '')}`) {
    case 'POST upload initialize':
      return step('media', null, (account) => media.initialize(account, ask))
    case 'POST upload append':
      return step('media', null, (account) => media.append(account, id!, ask))
    case 'POST upload finalize':
      return step('media', null, (account) => media.finalize(account, id!))
    case 'GET upload ':
      return step('read', null, (account) => media.status(account, ask.query))
    case 'POST metadata ':
      return step('media', null, (account) => media.describe(account, ask))
    case 'POST subtitles ':
      return step('media', null, (account) => media.caption(account, ask))
    default:
      return undefined
  }
}
