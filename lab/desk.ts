// The lab's own addresses beside the platforms: the ledger, the faults, the wall and the pictures.
import { type Faults, readWish } from './faults.ts'
import type { Ledger } from './ledger.ts'
import { type Moods, readMood } from './moods.ts'
import type { Answer, Ask } from './room.ts'
import { avatarSvg } from './wall/avatar.ts'
import { indexPage, postPage, type Stage, wallPage } from './wall.ts'

/** What the lab's own addresses work with. */
export interface LabDesk extends Stage {
  readonly ledger: Ledger
  readonly faults: Faults
  readonly moods: Moods
  url(): string
  /** Empties the ledger and the rooms. */
  clear(): void
}

const refused = (status: number, error: string): Answer => ({ status, body: { error } })

/** Answers a request to the lab itself. */
export const deskAnswer = (desk: LabDesk, ask: Ask): Answer => {
  const [, kind, ...rest] = ask.path.split('/')
  switch (kind) {
    case '':
      return only(ask, 'GET', () => page(indexPage(desk)))
    case 'healthz':
      return only(ask, 'GET', () => ({ status: 200, body: { ok: true } }))
    case 'ledger':
      return ledgerAnswer(desk, ask)
    case 'faults':
      return faultsAnswer(desk, ask, rest[0])
    case 'moods':
      return moodsAnswer(desk, ask, rest[0])
    case 'wall':
      return only(ask, 'GET', () =>
        desk.platforms.includes(rest[0] ?? '') ? page(wallPage(desk, rest[0]!, ask.query)) : refused(404, noSuch(desk, rest[0])),
      )
    case 'media':
      return only(ask, 'GET', () => mediaAnswer(desk, rest[0] ?? ''))
    case 'avatar':
      return only(ask, 'GET', () => picture(avatarSvg(decodeURIComponent(rest[1] ?? '').replace(/\.svg$/, ''), rest[0] ?? '')))
    default:
      return refused(404, 'The lab has nothing at this address.')
  }
}

/** The page of one post at the address that its platform gives it; undefined where no post has it. */
export const permanentPage = (desk: LabDesk, path: string): Answer | undefined => {
  const entry = desk.ledger.entries().findLast(({ url }) => url === desk.url() + path)
  return entry && page(postPage(desk, entry))
}

const only = (ask: Ask, method: string, act: () => Answer): Answer =>
  ask.method === method || (ask.method === 'HEAD' && method === 'GET') ? act() : refused(405, `Only ${method} is understood here.`)

const page = (html: string): Answer => ({
  status: 200,
  headers: {
    'content-security-policy': "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'",
    'cache-control': 'no-store',
  },
  body: html,
})

const picture = (svg: string): Answer => ({
  status: 200,
  headers: { 'content-type': 'image/svg+xml; charset=utf-8', 'content-security-policy': "default-src 'none'; sandbox" },
  body: svg,
})

const noSuch = (desk: LabDesk, platform: string | undefined): string =>
  `The lab has no platform "${platform ?? ''}", only: ${desk.platforms.join(', ')}.`

const ledgerAnswer = (desk: LabDesk, ask: Ask): Answer => {
  if (ask.method === 'DELETE') {
    desk.clear()
    return { status: 204 }
  }
  return only(ask, 'GET', () => ({ status: 200, body: desk.ledger.entries(ask.query.get('platform'), ask.query.get('account')) }))
}

const faultsAnswer = (desk: LabDesk, ask: Ask, platform: string | undefined): Answer => {
  if (platform !== undefined && !desk.platforms.includes(platform)) return refused(404, noSuch(desk, platform))
  if (ask.method === 'DELETE') {
    desk.faults.clear(platform)
    return { status: 204 }
  }
  if (ask.method !== 'PUT')
    return only(ask, 'GET', () => ({ status: 200, body: desk.faults.list().filter((fault) => !platform || fault.platform === platform) }))
  if (platform === undefined) return refused(405, 'Name the platform: PUT /faults/mastodon.')
  const wish = readWish(jsonOf(ask.body))
  return typeof wish === 'string' ? refused(422, wish) : { status: 200, body: desk.faults.set(platform, wish) }
}

const moodsAnswer = (desk: LabDesk, ask: Ask, platform: string | undefined): Answer => {
  const { moods } = desk
  if (platform !== undefined && !desk.platforms.includes(platform)) return refused(404, noSuch(desk, platform))
  if (ask.method === 'DELETE') {
    moods.clear(platform)
    return { status: 204 }
  }
  if (ask.method !== 'PUT')
    return only(ask, 'GET', () => ({ status: 200, body: platform === undefined ? moods.list() : moods.of(platform) }))
  if (platform === undefined) return refused(405, 'Name the platform: PUT /moods/mastodon.')
  const wish = readMood(jsonOf(ask.body))
  return typeof wish === 'string' ? refused(422, wish) : { status: 200, body: moods.set(platform, wish) }
}

const jsonOf = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

const mediaAnswer = (desk: LabDesk, key: string): Answer => {
  const media = desk.ledger.media(key)
  if (!media) return refused(404, 'No picture has this SHA-256.')
  return {
    status: 200,
    headers: { 'content-type': media.type, 'content-security-policy': "default-src 'none'; sandbox" },
    body: media.bytes,
  }
}
