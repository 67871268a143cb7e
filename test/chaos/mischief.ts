// What goes wrong in a kill loop: processes die, stores go away for a while, and the platforms have their moods.
import { setTimeout as pause } from 'node:timers/promises'
import type { House, Victim } from './house.ts'
import type { Chance } from './random.ts'

/** Workers do what can be doubled or lost; stores and platforms need a moment to come back. Each has its turn early on, so that a short run knows them all. */
const victims: Readonly<Record<Victim, number>> = { worker: 72, api: 9, lab: 6, redis: 7, postgres: 6 }

/** Between two kills, in milliseconds. */
const between = { from: 300, to: 900 }

/** How long a killed store stays away, in milliseconds; sometimes long enough for the way past an absent Redis. */
const awayMs = (chance: Chance): number => (chance.percent(15) ? chance.whole(3500, 6000) : chance.whole(0, 700))

export interface Mischief {
  /** Successful kills so far, by victim. */
  readonly kills: Readonly<Record<Victim, number>>
  stop(): Promise<void>
}

export const startMischief = (house: House, chances: { readonly kills: Chance; readonly moods: Chance }): Mischief => {
  const kills: Record<Victim, number> = { worker: 0, api: 0, lab: 0, redis: 0, postgres: 0 }
  const stopping = new AbortController()
  const again = async (span: typeof between, chance: Chance, act: () => void | Promise<void>): Promise<void> => {
    while (!stopping.signal.aborted) {
      await pause(chance.whole(span.from, span.to), undefined, stopping).catch(() => {})
      if (!stopping.signal.aborted) await act()
    }
  }
  const spared = new Set(Object.keys(victims) as Victim[])
  const kill = (): void => {
    const chance = chances.kills
    const victim = chance.percent(40) && spared.size > 0 ? chance.pick([...spared]) : chance.weighted(victims)
    const how = { one: chance.whole(0, 99), early: chance.percent(10), awayMs: awayMs(chance), empty: chance.percent(30) }
    if (!house.kill(victim, how)) return
    kills[victim]++
    spared.delete(victim)
  }
  const running = [again(between, chances.kills, kill), again(moodEvery, chances.moods, () => mood(house.labUrl, chances.moods))]
  return {
    kills,
    stop: async () => {
      stopping.abort()
      await Promise.all(running)
      await mood(house.labUrl, null)
      await house.whole()
    },
  }
}

const moodEvery = { from: 1500, to: 3500 }

/** All of them short: a platform that is away for hours has a test of its own. */
const moods = [
  { fault: 'slow', afterMs: 400, times: 20 },
  { fault: 'post-then-reset', times: 3 },
  { fault: 'post-but-500', times: 2 },
  { fault: 'post-late', afterMs: 500, times: 2 },
  { fault: 'reset', times: 4 },
  { fault: 'unavailable', times: 5 },
  { fault: 'throttle', retryAfter: 1, times: 3 },
  { fault: 'broken-json', times: 1 },
] as const

/** Null: every fault is cleared. The lab may be dead just now; then it has no moods. */
const mood = async (labUrl: string, chance: Chance | null): Promise<void> => {
  const call = (path: string, init: RequestInit) => fetch(labUrl + path, { ...init, signal: AbortSignal.timeout(2000) }).catch(() => {})
  if (chance === null) return void (await call('/faults', { method: 'DELETE' }))
  const operation = chance.pick(['publish', 'publish', 'update', 'delete', 'read'])
  const wish = { ...chance.pick(moods), operation }
  await call(`/faults/${chance.pick(['mastodon', 'bluesky'])}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wish),
  })
}
