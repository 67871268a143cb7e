// TikTok's stand-in, written from https://developers.tiktok.com/doc: tokens that rotate, films in pieces, photos by address, states, the audit.
import { counter } from './rate.ts'
import { type Answer, type Ask, type Call, type Operation, type Parts, Refusal, type Room } from './room.ts'
import { fine, refuse, tiktokAnswers, unauthorized } from './tiktok/answers.ts'
import { type Metered, openMeter, type TiktokSettings, tiktokDefaults } from './tiktok/limits.ts'
import { openPosts, operationOf, type PostDesk } from './tiktok/posts.ts'
import { openTokens } from './tiktok/tokens.ts'
import { privacyLevels } from './tiktok/wishes.ts'

export type { TiktokSettings } from './tiktok/limits.ts'

interface Step {
  readonly operation: Operation
  readonly scope: string
  readonly meter: Metered | null
  act(account: string): Answer | Promise<Answer>
}

/** Opens the room. A refresh token `rehearsal-<account>` is good for that account; every other one is refused. */
export const openTiktok = (parts: Parts, wanted: Partial<TiktokSettings> = {}): Room => {
  const settings = { ...tiktokDefaults, ...wanted }
  const tokens = openTokens(settings, parts.now)
  const posts = openPosts(parts, settings)
  const meter = openMeter(settings, parts.now)
  const desk = { settings, posts, day: openDay(settings, parts.now) }
  return {
    platform: 'tiktok',
    answers: tiktokAnswers,
    call(ask): Call | undefined {
      if (ask.method === 'POST' && ask.path === '/v2/oauth/token/')
        return { operation: 'session', account: null, act: () => tokens.answer(ask) }
      if (ask.method === 'PUT' && ask.path === '/upload/video/')
        return { operation: operationOf(ask), account: null, act: () => posts.piece(ask) }
      const step = stepOf(desk, ask)
      if (!step) return undefined
      const account = tokens.accountOf(ask)
      const act = (): Answer | Promise<Answer> => {
        if (account === null) return unauthorized()
        if (!settings.scope.split(',').includes(step.scope))
          throw refuse(401, 'scope_not_authorized', `The user did not authorize the scope required: ${step.scope}`)
        if (step.meter) meter(account, step.meter)
        return step.act(account)
      }
      return { operation: step.operation, account, act }
    },
    clear: posts.clear,
  }
}

interface Desk {
  readonly settings: TiktokSettings
  readonly posts: PostDesk
  day(account: string): void
}

const openDay = ({ postsPerDay, rateLimits }: TiktokSettings, now: () => number): Desk['day'] => {
  const posted = counter({ points: postsPerDay, seconds: 86_400 }, now, false)
  return (account) => {
    if (rateLimits && !posted.take(account).allowed)
      throw refuse(403, 'spam_risk_too_many_posts', 'The daily post cap from the API is reached for the current user.')
  }
}

const stepOf = (desk: Desk, ask: Ask): Step | undefined => {
  const { posts, settings } = desk
  const step = (operation: Operation, meter: Metered | null, act: Step['act'], scope = 'video.publish'): Step => ({
    operation,
    meter,
    act,
    scope,
  })
  switch (`${ask.method} ${ask.path}`) {
    case 'POST /v2/post/publish/creator_info/query/':
      return step('read', 'creator', (account) => creatorAnswer(account, settings))
    case 'POST /v2/post/publish/video/init/':
      return step('media', 'init', (account) => {
        desk.day(account)
        return posts.initFilm(account, jsonOf(ask))
      })
    case 'POST /v2/post/publish/content/init/':
      return step('publish', 'init', (account) => {
        desk.day(account)
        return posts.initPhotos(account, jsonOf(ask), ask)
      })
    case 'POST /v2/post/publish/status/fetch/':
      return step('read', 'status', (account) => posts.status(account, jsonOf<{ publish_id?: unknown }>(ask).publish_id))
    case 'GET /v2/user/info/':
      return step('read', null, () => fine({ user: { follower_count: 340 } }), 'user.info.stats')
    case 'POST /v2/video/query/':
      return step('read', null, (account) => numbersAnswer(account, posts, ask), 'video.list')
    default:
      return undefined
  }
}

const jsonOf = <T>({ body }: Ask): T => {
  try {
    return JSON.parse(body.toString() || '{}')
  } catch {
    throw new Refusal(tiktokAnswers.refused())
  }
}

const creatorAnswer = (account: string, { longestSeconds }: TiktokSettings): Answer =>
  fine({
    creator_avatar_url: '',
    creator_username: account,
    creator_nickname: account,
    privacy_level_options: privacyLevels,
    comment_disabled: false,
    duet_disabled: false,
    stitch_disabled: false,
    max_video_post_duration_sec: longestSeconds,
  })

const numbersAnswer = (account: string, posts: PostDesk, ask: Ask): Answer => {
  const ids = jsonOf<{ filters?: { video_ids?: readonly string[] } }>(ask).filters?.video_ids ?? []
  const own = ids.filter((id) => posts.standing(account, id))
  return fine({ videos: own.map((id) => ({ id, like_count: 0, comment_count: 0, share_count: 0, view_count: 0 })) })
}
