// /ops: the operators' sign-in, and behind it the queues.

import { fileURLToPath } from 'node:url'
import formbody from '@fastify/formbody'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { everyCity, may } from '../access/actor.ts'
import { keyHolds } from '../access/present.ts'
import { openSessions, type Session, type Sessions } from '../access/session.ts'
import { Refusal } from '../announcement/refusal.ts'
import { openKeyTries } from './key-tries.ts'
import { linkPages } from './ops-link.ts'
import { loginPage, noQueuesPage, ownStyles, signedInPage } from './ops-pages.ts'
import { queuePages } from './ops-queues.ts'
import type { Parts } from './parts.ts'

/** Tries of a key from one address, and wrong ones of an address: enough for typing errors, and too few for anything else. */
const wrongKeys = { max: 10, timeWindow: 5 * 60_000 }

const kern = fileURLToPath(new URL('.', import.meta.resolve('@kern-ux/native/dist/kern.min.css')))

export const operatorPages =
  (parts: Parts): FastifyPluginAsync =>
  async (app) => {
    const sessions = openSessions()
    app.removeAllContentTypeParsers()
    await app.register(formbody, { bodyLimit: 4096 })
    await app.register(fastifyStatic, { root: kern, prefix: '/kern/', decorateReply: false, immutable: true, maxAge: '7d', index: false })
    app.addHook('onRequest', async (_, reply) => void reply.header('cache-control', 'no-store'))
    app.get('/ops.css', (_, reply) => reply.type('text/css; charset=utf-8').send(ownStyles))
    signIn(app, parts, sessions)
    await app.register(behindSignIn(parts, sessions))
  }

const signIn = (app: FastifyInstance, parts: Parts, sessions: Sessions): void => {
  const { desk, events, publicUrl } = parts
  const tries = openKeyTries(wrongKeys, (id) => events.keyChanged({ id }))
  app.get('/', (_, reply) => reply.redirect('/ops/queues', 303))
  app.get('/login', async (request, reply) => {
    const session = await sessionOf(parts, sessions, request)
    return sendPage(reply, 200, session ? signedInPage(session.actor.name) : loginPage())
  })

  app.post('/login', async (request, reply) => {
    demandOwnOrigin(request, publicUrl)
    const actor = await tries.look(desk, request.ip, keyIn(request.body))
    if (actor !== 'wrong' && 'againIn' in actor)
      return sendPage(reply.header('retry-after', String(actor.againIn)), 429, loginPage(words.tooMany(actor.againIn)))
    if (actor === 'wrong' || !may(actor, 'operate', everyCity)) {
      const [code, by] = actor === 'wrong' ? ['wrong-key', null] : ['not-allowed', actor.id]
      events.turnedAway({ route: '/ops/login', code, actor: by, address: request.ip })
      return sendPage(reply, 403, loginPage(actor === 'wrong' ? words.wrong : words.notAllowed))
    }
    sessions.close(cookieOf(request, publicUrl))
    const id = sessions.open({ actor, keyId: actor.id })
    events.signedIn({ actor: actor.id, address: request.ip })
    return reply.setCookie(cookieName(publicUrl), id, cookieOptions(publicUrl)).redirect('/ops/queues', 303)
  })

  app.post('/logout', async (request, reply) => {
    demandOwnOrigin(request, publicUrl)
    sessions.close(cookieOf(request, publicUrl))
    return reply.clearCookie(cookieName(publicUrl), cookieOptions(publicUrl)).redirect('/ops/login', 303)
  })
}

/** Everything in this scope is seen by a signed-in operator alone; the guard hangs on the routes, not on their addresses. */
const behindSignIn =
  (parts: Parts, sessions: Sessions): FastifyPluginAsync =>
  async (app) => {
    app.addHook('onRequest', async (request, reply) => {
      if (await sessionOf(parts, sessions, request)) return undefined
      return reply.redirect('/ops/login', 303)
    })
    if (parts.operations) await app.register(queuePages(parts.operations), { prefix: '/queues' })
    else app.get('/queues', (_, reply) => sendPage(reply, 200, noQueuesPage()))
    const signed = {
      actorOf: async (request: FastifyRequest) => ((await sessionOf(parts, sessions, request)) as Session).actor,
      demandOwnOrigin: (request: FastifyRequest) => demandOwnOrigin(request, parts.publicUrl),
    }
    await app.register(linkPages(parts, signed), { prefix: '/link' })
  }

/** The session as long as its key holds and still allows it. */
const sessionOf = async ({ desk, publicUrl }: Parts, sessions: Sessions, request: FastifyRequest): Promise<Session | undefined> => {
  const session = sessions.find(cookieOf(request, publicUrl))
  if (session && (await keyHolds(desk, session.keyId))) return session
  return undefined
}

const secure = (publicUrl: string): boolean => publicUrl.startsWith('https:')

/** With https the name itself forbids a sub-domain or a path to set it (RFC 6265bis, `__Host-`). */
const cookieName = (publicUrl: string): string => (secure(publicUrl) ? '__Host-rundruf-ops' : 'rundruf-ops')

const cookieOptions = (publicUrl: string) => ({ httpOnly: true, sameSite: 'strict', secure: secure(publicUrl), path: '/' }) as const

const cookieOf = (request: FastifyRequest, publicUrl: string): string => request.cookies[cookieName(publicUrl)] ?? ''

const keyIn = (body: unknown): string => {
  const key = typeof body === 'object' && body !== null && 'key' in body ? body.key : ''
  return typeof key === 'string' ? key.trim() : ''
}

/** Forms are taken from our own pages only; browsers say where a form came from. */
const demandOwnOrigin = (request: FastifyRequest, publicUrl: string): void => {
  const site = request.headers['sec-fetch-site']
  const { origin } = request.headers
  const own = origin === undefined || origin === new URL(publicUrl).origin || hostOf(origin) === request.headers.host
  if (own && (site === undefined || site === 'same-origin' || site === 'none')) return
  throw new Refusal({
    code: 'foreign-origin',
    de: 'Dieses Formular kam von einer anderen Seite und wird nicht angenommen.',
    en: 'This form came from another site and is not taken.',
  })
}

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined)

const sendPage = (reply: FastifyReply, status: number, page: string): FastifyReply =>
  reply.status(status).type('text/html; charset=utf-8').send(page)

const words = {
  wrong: 'Dieser Schlüssel gilt nicht. Bitte prüfen Sie, ob er vollständig ist.',
  notAllowed: 'Dieser Schlüssel gilt, aber nicht für den Betrieb. Er braucht die Rolle „operator“ oder „admin“ für alle Städte.',
  tooMany: (seconds: number) =>
    `Zu viele Versuche. Bitte versuchen Sie es in ${seconds === 1 ? 'einer Sekunde' : `${seconds} Sekunden`} noch einmal.`,
}
