// Platforms of a test's own, in process: each repeats as it is told, can what it is told, and is in the mood it is told.
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { AnyConnector, Attempt, Connectors, Post, Receipt, Repeat } from '../../src/connector/connector.ts'
import { ChannelError, NotYetError, RejectedError, UnclearError, UnreachableError } from '../../src/connector/errors.ts'

/** What one call meets. */
export type Mood =
  | 'well'
  | 'rejects'
  | 'channel-broken'
  | 'unreachable'
  | 'lost' // nothing was posted, and nobody can tell
  | 'posted-lost' // posted, and the answer was lost
  | { readonly retryAfterMs: number }
  /** Takes its time; then all is well. */
  | { readonly afterMs: number }
  /** Waits until the gate opens; then all is well, unless said otherwise. */
  | { readonly gate: Promise<void>; readonly afterwards?: Mood }
  /** Posts at once, and answers when the gate opens. */
  | { readonly answersAt: Promise<void> }

/** A post as the platform keeps it. */
export interface Page {
  readonly id: string
  readonly key: string
  readonly wordings: readonly string[]
  readonly replyTo: string | null
  readonly at: number
  readonly deleted: boolean
}

type Operation = 'publish' | 'find' | 'update' | 'retract' | 'reply'

export interface Pager {
  readonly connector: AnyConnector
  /** Everything that was ever posted there, in order. */
  readonly pages: readonly Page[]
  /** How often it was asked to do this. */
  calls(operation: Operation): number
  /** The moods of the next calls, one each; then all is well again. */
  will(operation: Operation, ...moods: readonly Mood[]): void
  /** All is well from now on. */
  heal(): void
}

export interface PagerWish {
  readonly platform: string
  readonly repeat: Repeat
  /** What it can beside publishing. */
  readonly can?: readonly Exclude<Operation, 'publish'>[]
  readonly budgetSeconds?: number
  readonly settleSeconds?: number
  /** How long a look does not yet see what was posted. */
  readonly staleMs?: number
}

export const aPager = ({ platform, repeat, can = ['retract'], budgetSeconds = 5, settleSeconds = 0, staleMs = 0 }: PagerWish): Pager => {
  const pages: Page[] = []
  const coming: { readonly operation: Operation; readonly mood: Mood }[] = []
  const called: Operation[] = []

  const change = (id: string, to: Partial<Page>): void => {
    const at = pages.findIndex((page) => page.id === id)
    if (at < 0) throw new RejectedError('diese Seite gibt es nicht')
    pages[at] = { ...(pages[at] as Page), ...to }
  }
  const next = (operation: Operation): Mood => {
    called.push(operation)
    const at = coming.findIndex((one) => one.operation === operation)
    return at < 0 ? 'well' : (coming.splice(at, 1)[0]?.mood ?? 'well')
  }
  const put = (post: Post, { key }: Attempt, replyTo: string | null): Receipt => {
    const same = repeat === 'nothing' || repeat === 'find' ? undefined : pages.find((page) => page.key === key)
    if (same) return receiptOf(same)
    const page = { id: randomUUID(), key, wordings: [post.text], replyTo, at: performance.now(), deleted: false }
    pages.push(page)
    return receiptOf(page)
  }
  const acting = <T>(operation: Operation, act: () => T): Promise<T> => met(next(operation), act)

  const abilities: Pick<AnyConnector, 'find' | 'update' | 'retract' | 'reply'> = {
    find: (_client, _post, { key }) =>
      acting('find', () => {
        const found = pages.find((page) => page.key === key && !page.deleted && performance.now() - page.at >= staleMs)
        return found && receiptOf(found)
      }),
    update: (_client, receipt, post) =>
      acting('update', () => {
        const page = pages.find(({ id }) => id === receipt.id)
        change(receipt.id, { wordings: [...(page?.wordings ?? []), post.text] })
        return receipt
      }),
    retract: (_client, receipt) => acting('retract', () => change(receipt.id.split('/').at(-1) ?? '', { deleted: true })),
    reply: (_client, receipt, post, attempt) => acting('reply', () => put(post, attempt, receipt.id)),
  }
  const connector: AnyConnector = {
    platform,
    title: `Probeplattform ${platform}`,
    settings: z.strictObject({}),
    limits: {
      text: { max: 1000 },
      images: { max: 0, maxBytes: 0, types: [], altMax: 0 },
      needsMedia: false,
      pace: { actions: 1000, perSeconds: 1 },
    },
    repeat,
    settleSeconds,
    budgetSeconds,
    measure: (text) => text.length,
    connect: () => platform,
    check: async () => ({ account: platform, url: null, until: null }),
    publish: (_client, post, attempt) => acting('publish', () => put(post, attempt, null)),
    ...Object.fromEntries(can.map((ability) => [ability, abilities[ability]])),
  }
  return {
    connector,
    pages,
    calls: (operation) => called.filter((one) => one === operation).length,
    will: (operation, ...moods) => void coming.push(...moods.map((mood) => ({ operation, mood }))),
    heal: () => {
      coming.length = 0
    },
  }
}

export const connectorsOf = (pagers: readonly Pager[]): Connectors =>
  new Map(pagers.map(({ connector }) => [connector.platform, connector]))

const receiptOf = ({ id }: Page): Receipt => ({ id, url: `https://pager.example/${id}`, at: '2026-11-23T10:00:00.000Z' })

const met = async <T>(mood: Mood, act: () => T): Promise<T> => {
  if (typeof mood === 'object' && 'retryAfterMs' in mood) throw new NotYetError('zu schnell', mood.retryAfterMs)
  if (typeof mood === 'object' && 'afterMs' in mood) {
    await pause(mood.afterMs)
    return act()
  }
  if (typeof mood === 'object' && 'gate' in mood) {
    await mood.gate
    return met(mood.afterwards ?? 'well', act)
  }
  if (typeof mood === 'object') {
    const answer = act()
    await mood.answersAt
    return answer
  }
  switch (mood) {
    case 'well':
      return act()
    case 'rejects':
      throw new RejectedError('das Wort »Probe« ist hier nicht erlaubt')
    case 'channel-broken':
      throw new ChannelError('die Anmeldung gilt nicht mehr')
    case 'unreachable':
      throw new UnreachableError('keine Verbindung')
    case 'lost':
      throw new UnclearError('die Antwort kam nie an')
    case 'posted-lost':
      act()
      throw new UnclearError('die Antwort kam nie an')
  }
}
