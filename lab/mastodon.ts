// Mastodon's stand-in, version 4.x, written from https://docs.joinmastodon.org: tokens, limits, idempotency, media, edits, errors.
import { failed, mastodonAnswers } from './mastodon/answers.ts'
import { type Account, accountJson, credentialJson, instanceJson, newAccount } from './mastodon/entities.ts'
import { type MastodonSettings, mastodonDefaults, openMeter } from './mastodon/limits.ts'
import { openMedia } from './mastodon/media.ts'
import { openStatuses } from './mastodon/statuses.ts'
import { type Answer, type Ask, type Call, type Operation, type Parts, Refusal, type Room } from './room.ts'

export type { MastodonSettings } from './mastodon/limits.ts'

/** What an address does, once its method and path are known. */
interface Step {
  readonly operation: Operation
  /** Which special rate limit counts it. */
  readonly meter: 'media' | 'deletions' | null
  /** false: anyone may ask. */
  readonly token: boolean
  act(account: Account): Answer | Promise<Answer>
}

/** Opens the room. A token `rehearsal-<account>` is good for that account; every other one is refused. */
export const openMastodon = (parts: Parts, settings: Partial<MastodonSettings> = {}): Room => {
  const desk = openDesk(parts, { ...mastodonDefaults, ...settings })
  return {
    platform: 'mastodon',
    answers: mastodonAnswers(desk.settings.rateLimits === false ? 300 : desk.settings.rateLimits.requests.points, parts.now),
    call(ask) {
      const step = stepOf(desk, ask)
      return step && callOf(desk, ask, step)
    },
    clear() {
      desk.statuses.clear()
      desk.media.clear()
      for (const account of desk.accounts.values()) account.statuses = []
    },
  }
}

type Desk = ReturnType<typeof openDesk>

const openDesk = (parts: Parts, settings: MastodonSettings) => {
  const nextId = snowflakes(parts.now)
  const media = openMedia(parts, settings, nextId)
  const statuses = openStatuses({ ...parts, settings, media, nextId })
  return { parts, settings, media, statuses, meter: openMeter(settings.rateLimits, parts.now), accounts: new Map<string, Account>() }
}

/** Ids like Mastodon's: milliseconds since 1970 shifted by 16 bits, always increasing. */
const snowflakes = (now: () => number): (() => string) => {
  let last = 0n
  return () => {
    const wanted = BigInt(Math.floor(now())) << 16n
    last = wanted > last ? wanted : last + 1n
    return String(last)
  }
}

const accountNamed = (desk: Desk, name: string): Account => {
  const known = desk.accounts.get(name)
  if (known) return known
  const account = newAccount(name)
  desk.accounts.set(name, account)
  return account
}

const accountWithId = (desk: Desk, id: string): Account => {
  for (const account of desk.accounts.values()) if (account.id === id) return account
  throw new Refusal(failed(404, 'Record not found'))
}

/** The account of a good token; null for a wrong one or none. */
const accountOf = (desk: Desk, ask: Ask): Account | null => {
  const name = /^Bearer rehearsal-(\S{1,200})$/i.exec(ask.headers.authorization ?? '')?.[1]
  return name === undefined ? null : accountNamed(desk, name)
}

const callOf = (desk: Desk, ask: Ask, step: Step): Call => {
  const account = accountOf(desk, ask)
  return {
    operation: step.operation,
    account: account?.name ?? null,
    act: () =>
      desk.meter(account?.id ?? ask.ip, step.meter, () => {
        const wrong = account === null && (step.token || ask.headers.authorization !== undefined)
        return wrong ? failed(401, 'The access token is invalid') : step.act(account ?? nobody)
      }),
  }
}

/** Who asks without a token, where anyone may. */
const nobody: Account = newAccount('')

const step = (operation: Operation, act: Step['act'], more: Partial<Step> = {}): Step => ({
  operation,
  act,
  token: true,
  meter: null,
  ...more,
})

const stepOf = (desk: Desk, ask: Ask): Step | undefined => {
  const [, api, version, kind, id, part, ...rest] = ask.path.split('/')
  if (api !== 'api' || rest.length > 0) return undefined
  switch (`${ask.method} ${version}/${kind}`) {
    case 'GET v2/instance':
      return id === undefined
        ? step('read', () => ({ status: 200, body: instanceJson(desk.settings, desk.parts) }), { token: false })
        : undefined
    case 'POST v2/media':
      return id === undefined ? step('media', (account) => desk.media.upload(account, ask), { meter: 'media' }) : undefined
    case 'GET v1/media':
      return id ? step('read', (account) => desk.media.show(account, id)) : undefined
    case 'PUT v1/media':
      return id ? step('update', (account) => desk.media.describe(account, id, ask)) : undefined
    case 'GET v1/accounts':
      return accountStep(desk, ask, id, part)
    default:
      return kind === 'statuses' && version === 'v1' ? statusStep(desk, ask, id, part) : undefined
  }
}

const accountStep = (desk: Desk, ask: Ask, id: string | undefined, part: string | undefined): Step | undefined => {
  if (!id) return undefined
  if (id === 'verify_credentials') return step('read', (account) => ({ status: 200, body: credentialJson(account, desk.parts) }))
  if (part === undefined)
    return step('read', () => ({ status: 200, body: accountJson(accountWithId(desk, id), desk.parts) }), { token: false })
  return part === 'statuses' ? step('read', () => desk.statuses.list(accountWithId(desk, id), ask.query), { token: false }) : undefined
}

const statusStep = ({ statuses }: Desk, ask: Ask, id: string | undefined, part: string | undefined): Step | undefined => {
  if (!id) return ask.method === 'POST' ? step('publish', (account) => statuses.post(account, ask)) : undefined
  switch (`${ask.method} ${part ?? ''}`) {
    case 'GET ':
      return step('read', () => statuses.show(id), { token: false })
    case 'PUT ':
      return step('update', (account) => statuses.edit(account, id, ask))
    case 'DELETE ':
      return step('delete', (account) => statuses.remove(account, id), { meter: 'deletions' })
    case 'GET context':
      return step('read', () => statuses.context(id), { token: false })
    case 'GET history':
      return step('read', () => statuses.history(id), { token: false })
    case 'GET source':
      return step('read', () => statuses.source(id))
    default:
      return undefined
  }
}
