// Looks at the platforms for `verify`: whether what the receipts name still stands, whether it stands there twice, and what became of what is unclear.
import type { AnyConnector, Attempt, Post } from '../connector/connector.ts'
import { UnclearError } from '../connector/errors.ts'
import { type Open, type Place, receiptIds, type Standing, standingPosts } from '../store/verifying.ts'
import type { Desk } from './desk.ts'
import { type Checking, type Finding, finding } from './findings.ts'

export interface Blind {
  readonly city: string
  readonly channel: string
  readonly platform: string
  /** Posts that nobody looked at. */
  readonly posts: number
  readonly because: string
  /** True where the platform can be asked, and did not answer. */
  readonly failed: boolean
}

export interface Looked {
  readonly looked: number
  readonly findings: readonly Finding[]
  readonly blind: readonly Blind[]
  /** What a look said of a delivery that is unclear, by its id. */
  readonly words: ReadonlyMap<string, string>
}

interface Mutable {
  looked: number
  readonly findings: Finding[]
  readonly blind: Blind[]
  readonly words: Map<string, string>
}

interface Work {
  readonly standing: readonly Standing[]
  readonly unclear: readonly Open[]
}

const patienceMs = 20_000
/** Channels at the same time; on one channel one question after the other, for their platforms count them. */
const atOnce = 8

export const lookAtPlatforms = async (
  desk: Desk,
  checking: Checking,
  { open, days }: { readonly open: readonly Open[]; readonly days: number },
): Promise<Looked> => {
  const standing = await standingPosts(desk.db, { days })
  const unclear = open.filter(({ unclear: is, action, post }) => is && post !== null && (action === 'publish' || action === 'reply'))
  const channels = Map.groupBy<string, Place>([...standing, ...unclear], channelKey)
  const result: Mutable = { looked: 0, findings: [], blind: [], words: new Map() }
  const waiting = [...channels.entries()]
  const lookOn = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [key, [place]] = next
      const own = (one: Place): boolean => channelKey(one) === key
      if (place) await lookAtChannel({ desk, checking, result }, place, { standing: standing.filter(own), unclear: unclear.filter(own) })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lookOn))
  return result
}

const channelKey = ({ city, channel, platform }: Place): string => `${city}/${channel}/${platform}`

interface Looking {
  readonly desk: Desk
  readonly checking: Checking
  readonly result: Mutable
}

const lookAtChannel = async ({ desk, checking, result }: Looking, place: Place, work: Work): Promise<void> => {
  const { city, channel, platform } = place
  const posts = work.standing.length + work.unclear.length
  const blind = (because: string, failed: boolean): void =>
    void result.blind.push({ city, channel, platform, posts: posts - done, because, failed })
  let done = 0
  if (desk.cities.get(city)?.channels.find(({ name }) => name === channel)?.by === 'hand')
    return blind('Hier veröffentlicht ein Mensch; von hier aus lässt sich nicht nachsehen.', false)
  const connector = desk.connectors.get(platform)
  if (!connector?.find && !connector?.stands) return blind('Diese Plattform lässt sich nicht fragen.', false)
  try {
    const client = await checking.client({ city, channel, platform })
    const known = connector.findAll ? await receiptIds(desk.db, place) : new Set<string>()
    for (const one of work.standing) {
      const doubtful = (doubt: string) => [finding('unknown', one, `Ob der Beitrag dort ein zweites Mal steht: ${doubt}`)]
      result.findings.push(...(await orDoubt(seen(connector, client, one, known), doubtful)))
      done++
    }
    for (const one of work.unclear) {
      result.words.set(one.id, await orDoubt(wordsOn(connector, client, one, known), (doubt) => `Nachgesehen: ${doubt}`))
      done++
    }
  } catch (error) {
    blind(error instanceof Error ? error.message.slice(0, 300) : 'Die Plattform hat nicht verständlich geantwortet.', true)
  }
  result.looked += done
}

/** What a look cannot tell is said of that post, and the look at the others goes on. */
const orDoubt = async <T>(look: Promise<T>, otherwise: (doubt: string) => T): Promise<T> => {
  try {
    return await look
  } catch (error) {
    if (error instanceof UnclearError) return otherwise(error.message)
    throw error
  }
}

const wordsOn = async (connector: AnyConnector, client: unknown, one: Open, known: ReadonlySet<string>): Promise<string> => {
  const found = connector.findAll
    ? (await connector.findAll(client, one.post as Post, attemptOf(one))).find(({ id }) => !known.has(id))
    : await connector.find?.(client, one.post as Post, attemptOf(one))
  return found ? `Nachgesehen: Es steht dort (${found.url ?? found.id}).` : 'Nachgesehen: Es steht nicht dort.'
}

const seen = async (connector: AnyConnector, client: unknown, one: Standing, known: ReadonlySet<string>): Promise<readonly Finding[]> => {
  const there = connector.stands === undefined || (await connector.stands(client, one.receipt, AbortSignal.timeout(patienceMs)))
  const all = (await connector.findAll?.(client, one.post, { ...attemptOf(one), hasReceipt: true })) ?? []
  const others = all.filter(({ id }) => id !== one.receipt.id && !known.has(id))
  return [
    ...(there ? [] : [finding('gone', one, `Der Beleg nennt ${one.receipt.url ?? one.receipt.id}; dort steht nichts mehr.`)]),
    ...(others.length === 0
      ? []
      : [finding('doubled', one, `Derselbe Beitrag steht dort noch einmal: ${others.map(({ url, id }) => url ?? id).join(', ')}`)]),
  ]
}

/** A look on behalf of the delivery: it remembers nothing and posts nothing. */
const attemptOf = ({ id, plannedAt, firstAt, ageMs, askedAt }: Standing | Open): Attempt => ({
  key: id,
  plannedAt: plannedAt.toISOString(),
  number: 1,
  firstAt: firstAt.toISOString(),
  age: () => ageMs + (performance.now() - askedAt),
  memory: {},
  remember: () => Promise.reject(new Error('a look remembers nothing')),
  signal: AbortSignal.timeout(patienceMs),
  log: silent,
})

const silent = { debug: () => {}, info: () => {}, warn: () => {} }
