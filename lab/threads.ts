// Threads' stand-in, written from https://developers.facebook.com/docs/threads: containers and publishing, replies, quotas, tokens, errors.
import { createHash } from 'node:crypto'
import type { Answer, Ask, Call, Operation, Parts, Room } from './room.ts'
import { noObject, threadsAnswers, unknownToken, wrong } from './threads/answers.ts'
import { openContainers } from './threads/containers.ts'
import { openPosts, threadJson } from './threads/posts.ts'
import { type ThreadsSettings, threadsDefaults } from './threads/settings.ts'
import { openTokens } from './threads/tokens.ts'

export type { ThreadsSettings } from './threads/settings.ts'

/** Opens the room. A token `rehearsal-<account>` is good for that account; every other one is refused. */
export const openThreads = (parts: Parts, wanted: Partial<ThreadsSettings> = {}): Room => {
  const desk = openDesk(parts, { ...threadsDefaults, ...wanted })
  return {
    platform: 'threads',
    answers: threadsAnswers,
    call: (ask) => callOf(desk, ask),
    clear() {
      desk.containers.clear()
      desk.posts.clear()
    },
  }
}

type Desk = ReturnType<typeof openDesk>

const openDesk = (parts: Parts, settings: ThreadsSettings) => {
  const nextId = ids(parts.now)
  const containers = openContainers({ ...parts, settings, nextId, stands: (id) => posts.stands(id) })
  const posts = openPosts({ ...parts, settings, containers, nextId })
  return { settings, containers, posts, tokens: openTokens(parts, settings) }
}

/** Numbers of 17 digits, always increasing. */
const ids = (now: () => number): (() => string) => {
  let last = 0n
  return () => {
    const wanted = BigInt(Math.floor(now())) * 10_000n
    last = wanted > last ? wanted : last + 1n
    return String(last)
  }
}

/** A request whose account is known. */
interface Asked {
  readonly desk: Desk
  readonly ask: Ask
  readonly account: string
  /** Query and form together, as the Graph API takes them. */
  readonly fields: URLSearchParams
  /** What the address names below `me` or instead of it. */
  readonly id: string
}

interface Step {
  readonly operation: Operation
  act(asked: Asked): Answer | Promise<Answer>
}

const callOf = (desk: Desk, ask: Ask): Call | undefined => {
  const [, first = '', second, ...more] = ask.path
    .replace(/^\/v\d+\.\d+(?=\/)/, '')
    .replace(/\/+$/, '')
    .split('/')
  const step = more.length > 0 ? undefined : stepOf(ask.method, first, second)
  if (!step) return undefined
  const fields = fieldsOf(ask)
  const token = fields.get('access_token') ?? /^Bearer (\S+)$/i.exec(ask.headers.authorization ?? '')?.[1] ?? ''
  const account = desk.tokens.accountOf(token)
  return {
    operation: step.operation,
    account,
    act: () => {
      if (account === null) return unknownToken()
      return desk.tokens.refusal(token) ?? step.act({ desk, ask, account, fields, id: first })
    },
  }
}

const fieldsOf = (ask: Ask): URLSearchParams => {
  const isForm = ask.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
  return new URLSearchParams([...ask.query, ...(isForm ? new URLSearchParams(ask.body.toString()) : [])])
}

const ok = (body: object): Answer => ({ status: 200, body })

const step = (operation: Operation, act: Step['act']): Step => ({ operation, act })

const stepOf = (method: string, first: string, second: string | undefined): Step | undefined =>
  steps[`${method} ${first}${second === undefined ? '' : `/${second}`}`] ??
  (/^\d+$/.test(first) ? objectSteps[`${method} ${second ?? ''}`] : undefined)

const steps: Readonly<Record<string, Step>> = {
  'GET refresh_access_token': step('session', ({ desk, fields }) => {
    if (fields.get('grant_type') !== 'th_refresh_token') throw wrong('Param grant_type must be th_refresh_token')
    return desk.tokens.refresh(fields.get('access_token') ?? '')
  }),
  'GET debug_token': step('read', ({ desk, fields }) => desk.tokens.debug(fields.get('input_token') ?? '')),
  'GET me': step('read', ({ account }) => ok({ id: userId(account), username: account, name: account })),
  'POST me/threads': step('media', async ({ desk, account, ask, fields }) =>
    ok({ id: (await desk.containers.make(account, { ask, fields })).id }),
  ),
  'POST me/threads_publish': step('publish', ({ desk, account, fields }) =>
    ok({ id: desk.posts.publish(account, fields.get('creation_id')).id }),
  ),
  'GET me/threads': step('read', (asked) => listed(asked, 'threads')),
  'GET me/replies': step('read', (asked) => listed(asked, 'replies')),
  'GET me/threads_publishing_limit': step('read', ({ desk, account }) => ok({ data: [quotaJson(desk, account)] })),
  'GET me/threads_insights': step('read', ({ account }) =>
    ok({ data: [{ name: 'followers_count', period: 'day', total_value: { value: hashOf(account) % 20_000 } }] }),
  ),
}

const objectSteps: Readonly<Record<string, Step>> = {
  'GET ': step('read', ({ desk, account, fields, id }) => {
    const container = desk.containers.show(account, id)
    if (!container) return ok(threadJson(desk.posts.show('GET', id), fields.get('fields')))
    const { error } = container
    return ok({ id, status: desk.containers.statusOf(container), ...(error && { error_message: error }) })
  }),
  'DELETE ': step('delete', ({ desk, account, id }) => {
    desk.posts.remove(account, id)
    return ok({ success: true, deleted_id: id })
  }),
  'GET insights': step('read', ({ desk, account, fields, id }) => {
    if (desk.posts.show('GET', id).account !== account) throw noObject('GET', id)
    const countOf = (name: string): number => (name === 'replies' ? desk.posts.answersTo(id) : hashOf(id + name) % 500)
    const names = (fields.get('metric') ?? '').split(',')
    return ok({ data: names.map((name) => ({ name, period: 'lifetime', values: [{ value: countOf(name) }] })) })
  }),
}

/** Always the same for a name. */
const hashOf = (name: string): number => createHash('sha256').update(name).digest().readUInt32BE()

const userId = (account: string): string => String(10_000_000_000 + hashOf(account))

/** A page, newest first; `after` is the id behind which it begins. */
const listed = ({ desk, account, fields }: Asked, kind: 'threads' | 'replies'): Answer => {
  const all = desk.posts.list(account, kind)
  const after = fields.get('after')
  const from = after ? all.findIndex(({ id }) => id === after) + 1 : 0
  const page = all.slice(from, from + Math.min(Math.max(Number(fields.get('limit')) || 25, 1), 100))
  const cursors = { before: page[0]?.id ?? '', after: page.at(-1)?.id ?? '' }
  return ok({ data: page.map((thread) => threadJson(thread, fields.get('fields'))), ...(page.length > 0 && { paging: { cursors } }) })
}

/** https://developers.facebook.com/docs/threads/troubleshooting#retrieve-quota-limits */
const quotaJson = ({ settings: { quotas }, posts }: Desk, account: string) => {
  const config = (quota_total: number) => ({ quota_total, quota_duration: 86_400 })
  return {
    quota_usage: posts.used(account, 'posts'),
    config: config(quotas.posts),
    reply_quota_usage: posts.used(account, 'replies'),
    reply_config: config(quotas.replies),
    delete_quota_usage: posts.used(account, 'deletes'),
    delete_config: config(quotas.deletes),
  }
}
