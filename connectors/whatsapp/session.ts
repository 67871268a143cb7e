// One account's WhatsApp Web in one Chromium: started, asked whether it still answers, closed and sealed.
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { LinkWish, OpenVault, Tools } from '../../src/connector/connector.ts'
import { UnreachableError } from '../../src/connector/errors.ts'
import { untilAborted } from '../../src/connector/until-aborted.ts'
import { browserOptions, pageOptions, tidy } from './browser.ts'
import { unreachable, wordsOf } from './failures.ts'
import { brokenEvent, type Library, loadLibrary, newClient, type WebClient } from './library.ts'

/** How long the page may take to come up, to answer a simple question, and to go; milliseconds. */
const startMs = 60_000
const answerMs = 5_000
const closeMs = 5_000

export interface SessionWish {
  readonly base: string
  readonly tools: Pick<Tools, 'vault' | 'chromium' | 'city' | 'log'>
  /** Absent: who is not linked is not asked. */
  readonly link?: LinkWish
  readonly signal: AbortSignal
}

export interface Session {
  readonly library: Library
  readonly client: WebClient
  /** `unlinked`: the page shows its QR code; `over`: the browser has gone, or the account was logged out. */
  state(): 'ready' | 'unlinked' | 'logged-out' | 'over'
  /** Resolves when the account is linked and the page ready; rejects when that will not be. */
  readonly ready: Promise<void>
  /** Whether the page still answers, and as what. */
  answers(): Promise<'ready' | 'unlinked' | 'connecting' | 'hung'>
  /** Ends the browser, however it feels, and seals what it kept. */
  close(): Promise<void>
}

/**
 * Starts the browser; resolves as soon as it is known whether the account is linked.
 * @throws ChannelError without library, browser or key; UnreachableError when the page does not come up
 */
export const startSession = async (wish: SessionWish): Promise<Session> => {
  const library = await loadLibrary()
  const vault = await wish.tools.vault.open()
  try {
    return await startIn(vault, library, wish)
  } catch (error) {
    await vault.close()
    throw unreachable(error)
  }
}

const startIn = async (vault: OpenVault, library: Library, wish: SessionWish): Promise<Session> => {
  const { base, tools, link, signal } = wish
  const puppeteer = browserOptions({ chromium: tools.chromium(), folder: vault.folder, base })
  const client = newClient(library, {
    ...(await pageOptions(base, vault.folder, signal)),
    puppeteer,
    // under this name the phone lists the device
    deviceName: `Rundruf (${tools.city})`,
    ...(link?.phone !== undefined && { pairWithPhoneNumber: { phoneNumber: link.phone, showNotification: true } }),
  })
  const course = follow(client, link)
  const session = { library, client, ...course, answers: () => ask(client), close: () => close(client, vault, course.state, tools.log) }
  try {
    await untilAborted(
      course.known,
      AbortSignal.any([signal, AbortSignal.timeout(startMs)]),
      () => new UnreachableError('WhatsApp Web kam nicht hoch.'),
    )
  } catch (error) {
    await kill(client)
    throw error
  }
  return session
}

/** Follows what the page goes through from its start on. */
const follow = (client: WebClient, link: LinkWish | undefined) => {
  let state: ReturnType<Session['state']> = 'unlinked'
  const known = Promise.withResolvers<void>()
  const ready = Promise.withResolvers<void>()
  ready.promise.catch(() => {})
  const end = (how: 'over' | 'logged-out', why: unknown): void => {
    if (state !== 'logged-out') state = how
    const error = new UnreachableError(`WhatsApp Web hat sich beendet: ${wordsOf(why)}`, { cause: why })
    known.reject(error)
    ready.reject(error)
  }
  client.on('ready', () => {
    state = 'ready'
    known.resolve()
    ready.resolve()
  })
  for (const kind of ['qr', 'code'] as const)
    client.on(kind, (text) => {
      known.resolve()
      link?.offer(kind === 'qr' ? { qr: String(text) } : { code: String(text) })
    })
  client.on('auth_failure', (why) => end('logged-out', why))
  client.on('disconnected', (why) => end('logged-out', why))
  client.on(brokenEvent, (why) => end('over', why))
  client.initialize().then(
    () => client.pupBrowser?.once('disconnected', () => end('over', 'der Browser ist fort')),
    (error: unknown) => end('over', error),
  )
  return { state: () => state, known: known.promise, ready: ready.promise }
}

/** https://docs.wwebjs.dev/global.html#WAState */
const ask = async (client: WebClient): ReturnType<Session['answers']> => {
  const state = await untilAborted(client.getState(), AbortSignal.timeout(answerMs), () => new UnreachableError('keine Antwort')).catch(
    () => 'hung',
  )
  if (state === 'hung') return 'hung'
  if (state === 'CONNECTED') return 'ready'
  return state === 'UNPAIRED' || state === 'UNPAIRED_IDLE' ? 'unlinked' : 'connecting'
}

const close = async (client: WebClient, vault: OpenVault, state: Session['state'], log: Tools['log']): Promise<void> => {
  const linked = state() === 'ready' || state() === 'over'
  await Promise.race([client.destroy(), pause(closeMs, undefined, { ref: false })])
  await kill(client)
  try {
    await tidy(vault.folder, linked)
    await vault.close()
  } catch (error) {
    // the next start finds it open, as after a power cut
    log.warn({ err: error }, 'whatsapp session could not be sealed')
  }
}

/** A browser that hangs hears nothing but this; it leads its group of processes. */
const kill = async (client: WebClient): Promise<void> => {
  const browser = client.pupBrowser?.process()
  if (!browser?.pid || browser.exitCode !== null || browser.signalCode !== null) return
  const gone = once(browser, 'exit')
  try {
    process.kill(-browser.pid, 'SIGKILL')
  } catch {
    browser.kill('SIGKILL')
  }
  await gone
}
