// Facebook's stand-in: pages on the Graph API, written from https://developers.facebook.com/docs/pages-api and its reference: tokens, limits, posts, photos, videos, errors.
import { failed, graphAnswers, usageHeaders } from './facebook/answers.ts'
import { accountOf, badToken, chosen, type GraphAsk, graphAskOf, pathOf } from './facebook/ask.ts'
import { type FacebookDesk, type FacebookSettings, facebookDefaults, openFacebookDesk } from './facebook/page.ts'
import { uploadPhoto } from './facebook/photos.ts'
import * as posts from './facebook/posts.ts'
import { tokenAnswer } from './facebook/token.ts'
import { changeVideo, reelStep, showVideo, uploadReelBytes, videoStep } from './facebook/videos.ts'
import { type Counter, counter } from './rate.ts'
import type { Answer, Ask, Call, Operation, Parts, Room } from './room.ts'

export type { FacebookSettings } from './facebook/page.ts'

/** Opens the room. A token `rehearsal-<account>` is good for one page, whose id is the first that it names. */
export const openFacebook = (parts: Parts, settings: Partial<FacebookSettings> = {}): Room => {
  const desk = openFacebookDesk(parts, { ...facebookDefaults, ...settings })
  const { rateLimit } = desk.settings
  const calls = rateLimit === false ? undefined : counter(rateLimit, parts.now, false)
  return {
    platform: 'facebook',
    answers: graphAnswers('pages', 32),
    call: (ask) => callOf(desk, ask, calls),
    clear: () => desk.clear(),
  }
}

const callOf = (desk: FacebookDesk, ask: Ask, calls: Counter | undefined): Call | undefined => {
  const account = accountOf(ask)
  const reel = /^\/video-upload\/v\d+\.\d+\/(\d+)$/.exec(ask.path)?.[1]
  const path = reel === undefined ? pathOf(ask) : []
  const step: Step | undefined = reel === undefined ? path && stepOf(ask, path) : { operation: 'media', act: uploadReelBytesOf(reel, ask) }
  if (!step || !path) return undefined
  const act = async (): Promise<Answer> => {
    if (account === null) throw badToken()
    const count = calls?.take(account)
    if (count && !count.allowed) {
      const minutes = Math.ceil((count.resetAt - desk.parts.now()) / 60_000)
      return failed(80001, 'There have been too many calls to this Page account.', { headers: usageHeaders('pages', 100, minutes) })
    }
    const answer = await step.act(desk, account, await graphAskOf(ask, path))
    return count ? { ...answer, headers: { ...usageHeaders('pages', percent(count), 0), ...answer.headers } } : answer
  }
  return { operation: step.operation, account, act }
}

const percent = ({ limit, remaining }: { limit: number; remaining: number }): number => Math.round(((limit - remaining) / limit) * 100)

interface Step {
  readonly operation: Operation
  act(desk: FacebookDesk, account: string, ask: GraphAsk): Answer | Promise<Answer>
}

const uploadReelBytesOf =
  (id: string, raw: Ask): Step['act'] =>
  (desk, account) =>
    uploadReelBytes(desk, account, id, raw)

const stepOf = (ask: Ask, path: readonly string[]): Step | undefined => {
  const [id = '', edge, ...more] = path
  if (more.length > 0) return undefined
  if (id === 'debug_token' && ask.method === 'GET') return { operation: 'read', act: (_, account, asked) => tokenAnswer(account, asked) }
  if (!/^\d+(?:_\d+)?$/.test(id)) return undefined
  if (edge === undefined) return objectStep(ask.method)
  if (edge === 'comments') return commentsStep(ask.method)
  return pageStep(ask, edge)
}

/** A page's own address, or that of something on it. */
const objectStep = (method: string): Step | undefined => {
  switch (method) {
    case 'GET':
      return { operation: 'read', act: show }
    case 'POST':
      return { operation: 'update', act: change }
    case 'DELETE':
      return { operation: 'delete', act: (desk, account, ask) => posts.remove(desk, desk.thing(account, ask)) }
    default:
      return undefined
  }
}

/** A page's id has fifteen digits at most, what stands on it has more. */
const show: Step['act'] = (desk, account, ask) => {
  if (/^\d{1,15}$/.test(ask.path[0]!)) return showPage(desk, account, ask)
  const thing = desk.thing(account, ask)
  return thing.kind === 'video' ? showVideo(desk, thing, ask) : posts.showThing(desk, thing, ask)
}

const showPage: Step['act'] = (desk, account, ask) => {
  const id = ask.path[0]!
  desk.own(account, id)
  const page = { id, name: account, link: `${desk.parts.url()}/wall/facebook?account=${account}`, followers_count: 1_234, fan_count: 1_200 }
  return { status: 200, body: chosen(ask, page, ['name', 'id']) }
}

const change: Step['act'] = (desk, account, ask) => {
  const thing = desk.thing(account, ask)
  switch (thing.kind) {
    case 'post':
      return posts.changePost(desk, thing, ask)
    case 'comment':
      return posts.changeComment(desk, thing, ask)
    case 'video':
      return changeVideo(desk, thing, ask)
    case 'photo':
      return failed(100, '(#100) Photos cannot be changed')
  }
}

const commentsStep = (method: string): Step | undefined => {
  if (method === 'GET') return { operation: 'read', act: (desk, account, ask) => posts.listComments(desk, desk.thing(account, ask), ask) }
  if (method !== 'POST') return undefined
  const act: Step['act'] = (desk, account, ask) => posts.publishComment(desk, account, posts.answerable(desk.thing(account, ask)), ask)
  return { operation: 'publish', act }
}

const pageStep = (ask: Ask, edge: string): Step | undefined => {
  const onPage = (
    operation: Operation,
    act: (desk: FacebookDesk, account: string, page: string, asked: GraphAsk) => Answer | Promise<Answer>,
  ): Step => ({
    operation,
    act(desk, account, asked) {
      desk.own(account, asked.path[0]!)
      return act(desk, account, asked.path[0]!, asked)
    },
  })
  switch (`${ask.method} ${edge}`) {
    case 'GET published_posts':
    case 'GET posts':
    case 'GET feed':
      return onPage('read', (desk, _, page, asked) => posts.listPosts(desk, page, asked))
    case 'POST feed':
      return onPage('publish', posts.publishPost)
    case 'POST photos':
      return onPage('media', async (...parts) => ({ status: 200, body: { id: (await uploadPhoto(...parts)).id } }))
    case 'POST video_reels':
      return onPage(isFinish(ask) ? 'publish' : 'media', reelStep)
    case 'POST videos':
      return onPage(isFinish(ask) ? 'publish' : 'media', videoStep)
    default:
      return undefined
  }
}

/** Only the last of the phases shows anything to anybody. */
const isFinish = ({ query, body, headers }: Ask): boolean => {
  if (query.get('upload_phase')?.toLowerCase() === 'finish') return true
  return !headers['content-type']?.startsWith('multipart/') && /"upload_phase"\s*:\s*"finish"|upload_phase=finish/i.test(body.toString())
}
