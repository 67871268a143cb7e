// Bluesky's stand-in: a PDS as its Lexicons describe it and as a real one was measured (https://docs.bsky.app, @atproto/pds 0.5.35).
import { blueskyAnswers, rateHeaders } from './bluesky/answers.ts'
import { type BlueskySettings, blueskyDefaults, openMeter } from './bluesky/limits.ts'
import { type Desk, identifierIn, type Method, methods, unknownMethod } from './bluesky/methods.ts'
import { openRepos } from './bluesky/repo.ts'
import { openSessions } from './bluesky/session.ts'
import { type Answer, type Ask, type Call, type Parts, Refusal, type Room } from './room.ts'

export type { BlueskySettings } from './bluesky/limits.ts'

/** Opens the room. Every handle may sign in with a password that begins with `rehearsal-`. */
export const openBluesky = (parts: Parts, wanted: Partial<BlueskySettings> = {}): Room => {
  const settings = { ...blueskyDefaults, ...wanted }
  const meter = openMeter(settings.rateLimits, parts.now)
  const desk: Desk = { parts, settings, meter, repos: openRepos(parts), sessions: openSessions(parts.now, settings) }
  return {
    platform: 'bluesky',
    answers: blueskyAnswers(parts.now),
    call: (ask) => callOf(desk, ask),
    clear: () => desk.repos.clear(),
  }
}

const callOf = (desk: Desk, ask: Ask): Call | undefined => {
  if (!ask.path.startsWith('/xrpc/')) return undefined
  const found = methods.get(ask.path.slice('/xrpc/'.length))
  const method = found?.verb === ask.method ? found : unknownMethod
  const operation = typeof method.operation === 'function' ? method.operation(desk, ask) : method.operation
  const account = desk.sessions.seems(ask.headers.authorization) ?? identifierIn(ask)
  return { operation, account, act: () => metered(desk, ask, method) }
}

/** Counts the request of this address and puts the headers of its limit on the answer, unless a nearer one is there. */
const metered = async (desk: Desk, ask: Ask, method: Method): Promise<Answer> => {
  const count = desk.meter.request(ask.ip)
  const answer = await answered(desk, ask, method)
  return count ? { ...answer, headers: { ...rateHeaders(count), ...answer.headers } } : answer
}

const answered = async (desk: Desk, ask: Ask, method: Method): Promise<Answer> => {
  try {
    return await method.run(desk, ask)
  } catch (error) {
    if (error instanceof Refusal) return error.answer
    throw error
  }
}
