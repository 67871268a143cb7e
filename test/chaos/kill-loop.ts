// The kill loop: press offices write while everything around them dies at random; then what was promised is compared with what was seen.
import { setTimeout as pause } from 'node:timers/promises'
import { settled } from '../../src/delivery/delivery.ts'
import { gather } from './evidence.ts'
import { historyOf } from './history.ts'
import { type House, openHouse } from './house.ts'
import { startMischief } from './mischief.ts'
import { startPerson } from './person.ts'
import { platformMoods } from './platform-moods.ts'
import { openOffice } from './press-office.ts'
import { chanceOf } from './random.ts'
import { type Charge, type Finding, judge } from './verdict.ts'

export interface Wish {
  readonly seed: number
  /** The run goes on until there were at least so many of both. */
  readonly deliveries: number
  readonly kills: number
  readonly workers: number
  /** Stories told at the same time. */
  readonly atOnce: number
  readonly hurried: boolean
  /** Every story is a warning: what died is taken over within seconds, everyday deliveries within a minute. */
  readonly urgent?: boolean
  /** After the last kill everything must be settled within this time. */
  readonly calmMs: number
  /** Hears how it goes. */
  readonly say?: (line: string) => void
  /** Leaves all logs where they are. */
  readonly keep?: boolean
}

export interface Outcome extends Readonly<Record<Charge, number>> {
  readonly deliveries: number
  readonly kills: number
  /** Put in front of a person, who answered. */
  readonly held: number
  readonly findings: readonly Finding[]
  /** Whatever else should not have been: refusals, suspended channels, deliveries given up or never settled. */
  readonly surprises: readonly string[]
}

export const killLoop = async (wish: Wish): Promise<Outcome> => {
  const { seed, say = () => {} } = wish
  const platforms = platformMoods(chanceOf(seed, 'platforms'))
  say(`the platforms: ${JSON.stringify(platforms)}`)
  await using house = await openHouse({ ...wish, platforms })
  if (wish.keep) say(`what the processes say is kept in ${house.folder}`)
  const { office, write } = openOffice(house, chanceOf(seed, 'stories'), wish.urgent ? 'warning' : null)
  const person = startPerson(house)
  const mischief = startMischief(house, { kills: chanceOf(seed, 'kills'), moods: chanceOf(seed, 'moods') })
  const killed = (): number => Object.values(mischief.kills).reduce((sum, one) => sum + one, 0)
  let made = 0
  const counting = setInterval(() => {
    countDeliveries(house).then(
      (count) => (made = count),
      () => {},
    )
  }, 500)
  const telling = setInterval(() => say(`${made} deliveries, ${killed()} kills, ${person.asked} held`), 30_000)
  await write(wish.atOnce, () => made < wish.deliveries || killed() < wish.kills)
  clearInterval(counting)
  await mischief.stop()
  say(`calm after ${JSON.stringify(mischief.kills)}; ${office.repeats} requests were sent again`)
  const open = await calm(house, wish.calmMs)
  clearInterval(telling)
  await person.stop()
  const seen = await gather(house)
  const findings = judge(office.stories, seen)
  for (const finding of findings.slice(0, 5))
    say(`${finding.charge}: ${finding.words}: ${await historyOf(house, finding, { stories: office.stories, seen })}`)
  const of = (charge: Charge): number => findings.filter((finding) => finding.charge === charge).length
  return {
    deliveries: await countDeliveries(house),
    kills: killed(),
    ...{ lost: of('lost'), doubled: of('doubled'), inverted: of('inverted') },
    held: person.asked,
    findings,
    surprises: [...office.surprises, ...person.suspended.map((channel) => `${channel} was suspended`), ...open, ...(await failures(house))],
  }
}

const countDeliveries = async ({ db }: House): Promise<number> =>
  Number(
    (
      await db
        .selectFrom('delivery')
        .select((row) => row.fn.countAll<string>().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  )

/** Waits until every delivery is settled; names those that are not when the time is up. */
const calm = async ({ db }: House, withinMs: number): Promise<readonly string[]> => {
  const start = performance.now()
  for (;;) {
    const open = await db
      .selectFrom('delivery')
      .select(['id', 'platform', 'action', 'state', 'reason'])
      .where('state', 'not in', [...settled])
      .execute()
      .catch(() => null)
    if (open?.length === 0) return []
    if (performance.now() - start > withinMs && open !== null) return open.map((one) => `never settled: ${JSON.stringify(one)}`)
    await pause(500)
  }
}

/** Nothing here expires and no platform refuses: every ending but these two is a fault of the house. */
const failures = async ({ db }: House): Promise<readonly string[]> => {
  const rows = await db
    .selectFrom('delivery')
    .select(['id', 'platform', 'action', 'state', 'reason'])
    .where('state', 'in', ['given-up', 'expired'])
    .execute()
  return rows.map((one) => `ended badly: ${JSON.stringify(one)}`)
}
