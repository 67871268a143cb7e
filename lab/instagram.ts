// Instagram's stand-in: professional accounts on the Graph API, written from https://developers.facebook.com/docs/instagram-platform: containers, quota, posts, comments, errors.
import { graphAnswers } from './facebook/answers.ts'
import { accountOf, badToken, chosen, type GraphAsk, graphAskOf, pathOf } from './facebook/ask.ts'
import { tokenAnswer } from './facebook/token.ts'
import { type InstagramDesk, type InstagramSettings, instagramDefaults, mediaOf, openInstagramDesk } from './instagram/account.ts'
import { makeContainer, publishContainer, showContainer } from './instagram/containers.ts'
import { insightsOf, listComments, listMedia, publishComment, remove, showThing } from './instagram/media.ts'
import type { Answer, Ask, Call, Operation, Parts, Room } from './room.ts'

export type { InstagramSettings } from './instagram/account.ts'

/** Opens the room. A token `rehearsal-<account>` is good for one account, whose id is the first that it names. */
export const openInstagram = (parts: Parts, settings: Partial<InstagramSettings> = {}): Room => {
  const desk = openInstagramDesk(parts, { ...instagramDefaults, ...settings })
  return { platform: 'instagram', answers: graphAnswers('instagram', 80002), call: (ask) => callOf(desk, ask), clear: desk.clear }
}

interface Step {
  readonly operation: Operation
  act(desk: InstagramDesk, account: string, ask: GraphAsk, raw: Ask): Answer | Promise<Answer>
}

const callOf = (desk: InstagramDesk, raw: Ask): Call | undefined => {
  const account = accountOf(raw)
  const path = pathOf(raw)
  const step = path && stepOf(raw.method, path)
  if (!path || !step) return undefined
  const act = async (): Promise<Answer> => {
    if (account === null) throw badToken()
    return step.act(desk, account, await graphAskOf(raw, path), raw)
  }
  return { operation: step.operation, account, act }
}

const stepOf = (method: string, [id = '', edge, ...more]: readonly string[]): Step | undefined => {
  if (more.length > 0) return undefined
  if (id === 'debug_token' && method === 'GET') return { operation: 'read', act: (_, account, ask) => tokenAnswer(account, ask) }
  if (!/^\d+$/.test(id)) return undefined
  if (edge === undefined) return objectStep(method)
  return accountStep(`${method} ${edge}`) ?? edgeStep(`${method} ${edge}`)
}

const objectStep = (method: string): Step | undefined => {
  if (method === 'GET') return { operation: 'read', act: show }
  return method === 'DELETE' ? { operation: 'delete', act: (desk, account, ask) => remove(desk, desk.thing(account, ask)) } : undefined
}

/** What was made here has an id of at least eighteen digits; an account's has fewer. */
const show = (desk: InstagramDesk, account: string, ask: GraphAsk): Answer => {
  if (ask.path[0]!.length < 18) return showAccount(desk, account, ask)
  const thing = desk.thing(account, ask)
  return thing.kind === 'container' ? showContainer(desk, thing, ask) : showThing(desk, thing, ask)
}

const showAccount = (desk: InstagramDesk, account: string, ask: GraphAsk): Answer => {
  const id = ask.path[0]!
  desk.own(account, id)
  const fields = { id, username: account, name: account, followers_count: 1_234, media_count: mediaOf(desk, id).length }
  return { status: 200, body: chosen(ask, fields) }
}

/** On an account: it must be the token's own. */
const accountStep = (what: string): Step | undefined => {
  const on = (operation: Operation, act: Step['act']): Step => ({
    operation,
    act(desk, account, ask, raw) {
      desk.own(account, ask.path[0]!)
      return act(desk, account, ask, raw)
    },
  })
  switch (what) {
    case 'POST media':
      return on('media', makeContainer)
    case 'POST media_publish':
      return on('publish', publishContainer)
    case 'GET media':
      return on('read', (desk, _, ask) => listMedia(desk, ask))
    case 'GET content_publishing_limit':
      return on('read', (desk, _, ask) => quota(desk, ask))
    default:
      return undefined
  }
}

const quota = (desk: InstagramDesk, ask: GraphAsk): Answer => {
  const config = { quota_total: desk.settings.quota, quota_duration: 86_400 }
  const { id: _, ...said } = chosen(ask, { id: '', quota_usage: desk.used(ask.path[0]!), config }, ['quota_usage']) as Record<
    string,
    unknown
  >
  return { status: 200, body: { data: [said] } }
}

/** On a post or a comment. */
const edgeStep = (what: string): Step | undefined => {
  switch (what) {
    case 'GET comments':
    case 'GET replies':
      return { operation: 'read', act: (desk, account, ask) => listComments(desk, desk.thing(account, ask), ask) }
    case 'POST comments':
    case 'POST replies':
      return { operation: 'publish', act: (desk, account, ask) => publishComment(desk, account, desk.thing(account, ask), ask) }
    case 'GET insights':
      return { operation: 'read', act: (desk, account, ask) => insightsOf(desk.thing(account, ask), ask) }
    default:
      return undefined
  }
}
