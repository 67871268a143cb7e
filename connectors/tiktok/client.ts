// One TikTok account: calls with a token that is good, whose refusals already have their class. https://developers.tiktok.com/doc/tiktok-api-v2-introduction
import { z } from 'zod'
import type { Tools } from '../../src/connector/connector.ts'
import { ChannelError } from '../../src/connector/errors.ts'
import { type Answer, type CallKind, type HttpRequest, send } from '../../src/connector/http.ts'
import type { Secret } from '../../src/connector/secret.ts'
import { codeOf, refusal } from './failures.ts'
import type { TiktokSettings } from './settings.ts'
import { openTokens } from './tokens.ts'

interface TiktokCall {
  /** GET; with `json` POST. */
  readonly json?: object
  /** Below the base: `/v2/post/publish/status/fetch/`. */
  readonly path: string
  readonly kind: CallKind
  readonly signal: AbortSignal
}

export interface TiktokClient {
  readonly settings: TiktokSettings
  readonly tools: Tools
  /** @throws every class of error; an answer that comes back is what was wanted. */
  call(call: TiktokCall): Promise<Answer>
  /** What is kept beside the access token: the granted scopes, and until when the refresh token is good. */
  notes(signal: AbortSignal): Promise<Readonly<Record<string, string>>>
}

export const openClient = (settings: TiktokSettings, tools: Tools): TiktokClient => {
  const tokens = openTokens(settings, tools)
  const call = async (wanted: TiktokCall): Promise<Answer> => {
    const { token } = await tokens.get(wanted.signal)
    let answer = await send(requestOf(settings, wanted, token))
    if (answer.status === 401 && codeOf(answer) === 'access_token_invalid')
      answer = await send(requestOf(settings, wanted, (await tokens.get(wanted.signal, token)).token))
    if (answer.status !== 200) throw refusal(answer, wanted.kind)
    const code = answer.as(ended).error.code
    if (code !== 'ok') throw refusal(answer, wanted.kind)
    return answer
  }
  return { settings, tools, call, notes: async (signal) => (await tokens.get(signal)).notes }
}

const ended = z.object({ error: z.object({ code: z.string() }) })

const requestOf = ({ base }: TiktokSettings, { json, path, kind, signal }: TiktokCall, token: Secret): HttpRequest => ({
  method: json ? 'POST' : 'GET',
  kind,
  signal,
  url: base + path,
  headers: { authorization: `Bearer ${token.reveal()}`, ...(json && { 'content-type': 'application/json; charset=UTF-8' }) },
  body: json && JSON.stringify(json),
})

const creator = z.object({
  data: z.object({
    creator_username: z.string().min(1),
    privacy_level_options: z.array(z.string()),
    /** Seconds. */
    max_video_post_duration_sec: z.number(),
  }),
})
export type Creator = z.infer<typeof creator>['data']

/** Asked before every post, as TikTok demands. https://developers.tiktok.com/doc/content-posting-api-reference-query-creator-info */
export const readCreator = async ({ call }: TiktokClient, signal: AbortSignal): Promise<Creator> =>
  (await call({ path: '/v2/post/publish/creator_info/query/', json: {}, kind: 'read', signal })).as(creator).data

/** Who may see a post; only the account itself while the app is not audited. */
export const privacyFor = ({ audited }: TiktokSettings, { privacy_level_options: allowed }: Creator): string => {
  const wanted = audited ? 'PUBLIC_TO_EVERYONE' : 'SELF_ONLY'
  if (allowed.includes(wanted)) return wanted
  throw new ChannelError(
    audited
      ? 'Das TikTok-Konto steht auf »privat«; bitte in der TikTok-App öffentlich stellen.'
      : 'TikTok erlaubt diesem Konto keine Beiträge, die nur es selbst sieht; bitte den Kanal auf by: hand stellen.',
  )
}
