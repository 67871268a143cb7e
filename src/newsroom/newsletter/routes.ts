// The addresses of a city's newsletter: form, confirmation, leaving. Pages with a token in their address are kept by nobody.
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { callerAddress } from '../../access/caller-address.ts'
import { LaneFull } from '../../access/lane.ts'
import { type Limiter, openLimiter } from '../../access/limiter.ts'
import type { Html } from '../../pages/html.ts'
import type { Channel, City } from '../../policy/policy.ts'
import { answer, formsToSelf } from '../answer.ts'
import { awayPage, notFoundPage } from '../pages.ts'
import { newsletterOf } from './channel.ts'
import { askedPage, confirmedPage, confirmPage, type FormState, formPage, leavePage, leftPage, staleLinkPage } from './pages.ts'
import { openSubscribing, type Subscribing, type SubscribingParts } from './subscribing.ts'

export interface NewsletterParts extends SubscribingParts {
  readonly cities: ReadonlyMap<string, City>
  readonly publicUrl: string
}

/** Behind a proxy all come from one address, so it is no small number; the same mailbox is written to once in ten minutes all the same. */
const perAddress = { most: 60, windowMs: 600_000 }
/** Bytes of a form: an address and a trap; also of what mail programs post with their one click. */
const bodyLimit = 4096

type Asking = FastifyRequest<{ Params: { readonly city: string; readonly token?: string } }>

/** `/:city/newsletter`, `/:city/newsletter/asked`, `/:city/newsletter/confirm/:token`, `/:city/newsletter/unsubscribe/:token`. */
export const newsletterPages = (parts: NewsletterParts): FastifyPluginAsync => {
  const room: Room = {
    parts,
    subscribing: openSubscribing(parts),
    limiter: openLimiter(perAddress.most, perAddress.windowMs),
    publicUrl: parts.publicUrl.replace(/\/+$/, ''),
  }
  return async (app) => {
    takeForms(app)
    const at = (act: (room: Room, asked: Asked) => Promise<Shown>) => (request: Asking, reply: FastifyReply) =>
      shown(room, act, { request, reply })
    app.get('/:city/newsletter', at(showForm))
    app.post('/:city/newsletter', at(ask))
    app.get(
      '/:city/newsletter/asked',
      at(async (_room, { city }) => ({ page: askedPage(city), kept: true })),
    )
    app.get('/:city/newsletter/confirm/:token', at(showConfirm))
    app.post('/:city/newsletter/confirm/:token', at(confirm))
    app.get('/:city/newsletter/unsubscribe/:token', at(showLeave))
    app.post('/:city/newsletter/unsubscribe/:token', at(leave))
  }
}

interface Room {
  readonly parts: NewsletterParts
  readonly subscribing: Subscribing
  readonly limiter: Limiter
  readonly publicUrl: string
}

interface Asked {
  readonly city: City
  readonly channel: Channel
  readonly token: string
  readonly form: URLSearchParams
  /** Where the request comes from. */
  readonly ip: string
  readonly log: FastifyRequest['log']
}

/** A page with its status (200 unless said otherwise), or the address of another page. `kept`: others may keep it for a while. */
type Shown = { readonly page: Html; readonly status?: number; readonly kept?: boolean } | { readonly goTo: string }

/** Whatever a mail program posts with its one click is taken (RFC 8058 allows two ways), and nothing but a form is looked at. */
const takeForms = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit }, (request, body, done) => {
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')
    done(null, new URLSearchParams(isForm ? String(body) : ''))
  })
}

const tokenForm = /^[\w-]{43}$/

const shown = async (
  room: Room,
  act: (room: Room, asked: Asked) => Promise<Shown>,
  { request, reply }: { readonly request: Asking; readonly reply: FastifyReply },
): Promise<FastifyReply> => {
  const city = room.parts.cities.get(request.params.city)
  const channel = city && newsletterOf(city)
  if (!city || !channel) return put(request, reply, { page: notFoundPage(city ?? null), status: 404 })
  const { token = '' } = request.params
  if (token !== '' && !tokenForm.test(token)) return put(request, reply, { page: staleLinkPage(city), status: 404 })
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
  try {
    const found = await act(room, { city, channel, token, form, ip: request.ip, log: request.log })
    return 'goTo' in found ? reply.redirect(found.goTo, 303) : put(request, reply, found)
  } catch (err) {
    if (!(err instanceof LaneFull)) request.log.warn({ err }, 'newsletter: the store is away')
    return put(request, reply, { page: awayPage(city), status: 503 })
  }
}

const htmlType = 'text/html; charset=utf-8'

const put = (request: FastifyRequest, reply: FastifyReply, { page, status = 200, kept = false }: Exclude<Shown, { goTo: string }>) => {
  // the token in the address goes to nobody
  const headers = { ...formsToSelf, ...(kept ? {} : { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }) }
  return answer(request, reply, { status, type: htmlType, body: page.toString(), changed: null, cache: 'page', headers })
}

const form = ({ publicUrl }: Room, { city, channel }: Asked, state: FormState): Html => formPage(city, channel, publicUrl, state)

const showForm = async (room: Room, asked: Asked): Promise<Shown> => ({ page: form(room, asked, { typed: '', wrong: null }), kept: true })

/** The trap stands where no person sees it: what fills it in is told that all is well. */
const ask = async (room: Room, asked: Asked): Promise<Shown> => {
  const goOn = { goTo: `/${asked.city.key}/newsletter/asked` }
  const typed = asked.form.get('address') ?? ''
  if ((asked.form.get('website') ?? '') !== '') return goOn
  if (!room.limiter(callerAddress(asked.ip))) return { page: form(room, asked, { typed, wrong: 'too-often' }), status: 429 }
  const answered = await room.subscribing.ask(asked.city, typed, (err) => asked.log.warn({ err }, 'newsletter: a letter could not be sent'))
  if (answered === 'asked') return goOn
  return { page: form(room, asked, { typed, wrong: answered }), status: answered === 'no-address' ? 422 : 503 }
}

const stale = ({ city }: Asked): Shown => ({ page: staleLinkPage(city), status: 404 })

const showConfirm = async ({ subscribing }: Room, asked: Asked): Promise<Shown> =>
  (await subscribing.isOpen(asked.city, asked.token)) ? { page: confirmPage(asked.city, asked.channel) } : stale(asked)

const confirm = async ({ subscribing }: Room, asked: Asked): Promise<Shown> =>
  (await subscribing.confirm(asked.city, asked.token)) ? { page: confirmedPage(asked.city) } : stale(asked)

const showLeave = async ({ subscribing }: Room, asked: Asked): Promise<Shown> =>
  subscribing.isOurs(asked.token) ? { page: leavePage(asked.city, asked.channel) } : stale(asked)

/** From the page's button, or from a mail program with `List-Unsubscribe=One-Click`: at once, and without a further question. */
const leave = async ({ subscribing }: Room, asked: Asked): Promise<Shown> =>
  (await subscribing.leave(asked.token)) ? { page: leftPage(asked.city) } : stale(asked)
