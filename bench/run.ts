// npm run bench: what the queue alone can do on this machine, what Rundruf does, how fast a warning is, how much memory a worker takes.
import { parseArgs } from 'node:util'
import { bearerOf, newsAccounts, newsChannels, notice } from './city.ts'
import { type Ground, openGround } from './ground.ts'
import { type House, type HouseWorker, openHouse } from './house.ts'
import { machineOf } from './machine.ts'
import { openPlain, type Plain, type PlainPost } from './plain.ts'
import { medianRound, type Results, type Round, table, toJson } from './report.ts'
import { measureUrgent } from './urgent.ts'

const { values: flags } = parseArgs({
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false }, profile: { type: 'string' } },
})
const profile = flags.profile ?? null
const scale = flags.quick ? 0.1 : 1
/** Announcements; each makes a hundred deliveries. */
const sizes = { warmUp: 20 * scale, round: 200 * scale, all: 1000 * scale, rounds: 5, samples: 100 * scale, hanging: 40 * scale }
/** As workers/start.ts has it for the routine way. */
const concurrency = 200

const progress = (line: string): void => void process.stderr.write(`${line}\n`)
const whole = (number: number): string => Math.round(number).toLocaleString('en')

const notices = (many: number): object[] => Array.from({ length: many }, (_, at) => notice(at + 1))

interface Rundruf {
  readonly house: House
  readonly worker: HouseWorker
}

/** Releases that many notices and waits for the last receipt; deliveries per second. Drafting is not counted. */
const deliver = async ({ house, worker }: Rundruf, many: number): Promise<number> => {
  const ids = await house.draft(notices(many))
  const start = performance.now()
  await Promise.all([worker.receipts(many * newsChannels), house.release(ids)])
  const seconds = (performance.now() - start) / 1000
  await house.demandDelivered(ids)
  return (many * newsChannels) / seconds
}

/** What Rundruf will say in as many deliveries, as jobs that carry it themselves. */
const postsLike = (text: string, many: number): PlainPost[] =>
  Array.from({ length: many * newsChannels }, (_, at) => ({ text, token: bearerOf(newsAccounts[at % newsChannels]!) }))

/** Each post is there once: nothing was skipped for the sake of speed. */
const demandPosts = async ({ lab }: Ground, many: number): Promise<void> => {
  const found = (await lab.posts('mastodon')).length
  if (found !== many) throw new Error(`${many} posts were due, the lab has ${found}`)
  await lab.clear()
}

const measureRound = async (ground: Ground, plain: Plain, rundruf: Rundruf, text: string): Promise<Round> => {
  const many = sizes.round
  const emptyPerSecond = await plain.empty(many * newsChannels)
  const postPerSecond = await plain.post(postsLike(text, many))
  await demandPosts(ground, many * newsChannels)
  const rundrufPerSecond = await deliver(rundruf, many)
  await demandPosts(ground, many * newsChannels)
  const round = { emptyPerSecond, postPerSecond, rundrufPerSecond, ratioToPost: rundrufPerSecond / postPerSecond }
  progress(
    `  empty ${whole(emptyPerSecond)}/s, post ${whole(postPerSecond)}/s, Rundruf ${whole(rundrufPerSecond)}/s: ratio ${round.ratioToPost.toFixed(2)}`,
  )
  return round
}

const measureRounds = async (ground: Ground, rundruf: Rundruf) => {
  await using plain = await openPlain({ redisPath: ground.redisPath, labUrl: ground.lab.url, concurrency }, profile)
  const text = await rundruf.house.textOf(notice(1))
  progress('warming up')
  await deliver(rundruf, sizes.warmUp)
  const small = await rundruf.worker.memoryMb()
  await plain.empty(sizes.warmUp * newsChannels)
  await plain.post(postsLike(text, sizes.warmUp))
  await ground.lab.clear()
  const rounds: Round[] = []
  let warm = small
  for (let number = 1; number <= sizes.rounds; number++) {
    progress(`round ${number} of ${sizes.rounds}: ${whole(sizes.round * newsChannels)} each`)
    rounds.push(await measureRound(ground, plain, rundruf, text))
    if (number === 1) warm = await rundruf.worker.memoryMb()
  }
  return { rounds, small, warm }
}

const measure = async (): Promise<Results> => {
  progress(`starting PostgreSQL, Redis and the lab${flags.quick ? '; quick: a tenth of everything' : ''}`)
  await using ground = await openGround()
  await using house = await openHouse(ground)
  const throughput = await (async () => {
    await using worker = await house.startWorker(profile)
    const { rounds, small, warm } = await measureRounds(ground, { house, worker })
    progress(`memory: on to ${whole(sizes.all * newsChannels)} deliveries`)
    for (let left = sizes.all - sizes.warmUp - sizes.rounds * sizes.round; left > 0; left -= sizes.round) {
      await deliver({ house, worker }, Math.min(left, sizes.round))
      await ground.lab.clear()
    }
    return { rounds, memory: { small, warm, large: await worker.memoryMb() } }
  })()
  const typical = medianRound(throughput.rounds)
  progress(`a warning while ${whole(sizes.round * newsChannels)} deliveries wait and a platform hangs: ${sizes.samples} times`)
  // all of them within 70 % of the time that the backlog will take
  const everyMs = ((sizes.round * newsChannels) / typical.rundrufPerSecond / sizes.samples) * 700
  const urgent = await measureUrgent(ground, house, { ...sizes, notices: sizes.round, everyMs, profile })
  return { ...throughput, typical, urgent, machine: await machineOf(ground), quick: flags.quick, sizes }
}

const results = await measure()
process.stdout.write(flags.json ? `${JSON.stringify(toJson(results))}\n` : table(results))
