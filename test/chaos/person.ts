// The duty officer of a kill loop: looks at the platform when the house asks, and says truthfully what stands there.
import { setTimeout as pause } from 'node:timers/promises'
import { gather, type Seen } from './evidence.ts'
import type { House } from './house.ts'
import { markIn, markOf } from './town.ts'

/** So long after being asked a person has opened the channel: nothing is on the wire any more. Milliseconds. */
const takesMs = 3000

export interface Person {
  /** How many deliveries were put in front of the person. */
  readonly asked: number
  /** Channels that the house suspended; the person opens them again. */
  readonly suspended: readonly string[]
  stop(): Promise<void>
}

export const startPerson = (house: House): Person => {
  const since = new Map<string, number>()
  const suspended: string[] = []
  let stopped = false
  const round = async (): Promise<void> => {
    const held = await questions(house)
    for (const { id } of held) if (!since.has(id)) since.set(id, performance.now())
    const ripe = held.filter(({ id }) => performance.now() - (since.get(id) ?? 0) > takesMs)
    const seen = ripe.length > 0 ? await gather(house) : []
    for (const question of ripe) await post(house, `/deliveries/${question.id}/resolve`, answerTo(question, seen))
    for (const { city, channel } of await house.db
      .selectFrom('channel')
      .select(['city', 'channel'])
      .where('suspendedAt', 'is not', null)
      .execute()) {
      suspended.push(`${city}/${channel}`)
      await post(house, `/channels/${city}/${channel}/resume`, {})
    }
  }
  const running = (async () => {
    while (!stopped) {
      // whoever is asked may be dead just now
      await round().catch(() => {})
      await pause(500)
    }
  })()
  return {
    get asked() {
      return since.size
    },
    suspended,
    stop: async () => {
      stopped = true
      await running
    },
  }
}

const questions = ({ db }: House) =>
  db
    .selectFrom('delivery')
    .leftJoin('receipt', 'receipt.deliveryId', 'delivery.target')
    .select(['delivery.id', 'delivery.platform', 'action', 'post', 'receipt.id as target'])
    .where('state', '=', 'held')
    .where('heldFor', '=', 'answer')
    .execute()

type Question = Awaited<ReturnType<typeof questions>>[number]

const answerTo = ({ platform, action, post, target }: Question, seen: readonly Seen[]) => {
  const mark = markIn(post?.text ?? '')
  const there =
    action === 'retract'
      ? seen.find(({ id, goneAt }) => id === target && goneAt !== null)
      : seen.find((one) => one.platform === platform && one.wordings.some((wording) => mark && markOf(wording.mark) === markOf(mark)))
  return there ? { answer: 'there', url: there.url } : { answer: 'not-there' }
}

const post = (house: House, path: string, body: object): Promise<Response> =>
  fetch(`${house.url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${house.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  })
