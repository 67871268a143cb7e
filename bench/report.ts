// What the bench says in the end: one JSON object with fixed names, or a table for people.
import Table from 'cli-table3'
import { newsChannels } from './city.ts'
import type { Machine } from './machine.ts'
import type { Urgent } from './urgent.ts'

/** The three measured side by side, one after the other on the same machine. */
export interface Round {
  readonly emptyPerSecond: number
  readonly postPerSecond: number
  readonly rundrufPerSecond: number
  readonly ratioToPost: number
}

export interface Results {
  readonly rounds: readonly Round[]
  /** The round with the median ratio: its four figures belong together. */
  readonly typical: Round
  readonly urgent: Urgent
  /** MB (a million bytes) of a worker's resident memory. */
  readonly memory: { readonly small: number; readonly warm: number; readonly large: number }
  readonly machine: Machine
  readonly quick: boolean
  /** In announcements. */
  readonly sizes: { readonly warmUp: number; readonly round: number; readonly all: number; readonly samples: number }
}

export const medianRound = (rounds: readonly Round[]): Round =>
  rounds.toSorted((a, b) => a.ratioToPost - b.ratioToPost)[Math.floor((rounds.length - 1) / 2)] as Round

/** The fixed names that scripts read. */
export const toJson = ({ typical, urgent, memory }: Results) => ({
  emptyPerSecond: Math.round(typical.emptyPerSecond),
  postPerSecond: Math.round(typical.postPerSecond),
  rundrufPerSecond: Math.round(typical.rundrufPerSecond),
  ratioToPost: rounded(typical.ratioToPost, 3),
  urgentP99Ms: rounded(urgent.p99Ms, 1),
  workerMemoryMb: { small: rounded(memory.small, 1), large: rounded(memory.large, 1) },
})

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))
const whole = (value: number): string => Math.round(value).toLocaleString('en')

export const table = (results: Results): string => {
  const { typical, urgent, memory, machine, sizes, quick, rounds } = results
  const { small, warm, large } = memory
  const rows = [
    ['BullMQ, empty processor', `${whole(typical.emptyPerSecond)} jobs/s`, '', ''],
    ['BullMQ, one POST per job, no store', `${whole(typical.postPerSecond)} jobs/s`, '1', ''],
    ['Rundruf, from release to receipt', `${whole(typical.rundrufPerSecond)} deliveries/s`, typical.ratioToPost.toFixed(2), '≥ 0.80'],
    ['a warning, release to platform, p99', `${whole(urgent.p99Ms)} ms`, '', '≤ 250 ms'],
    [`memory of a worker after ${whole(sizes.warmUp * newsChannels)}`, `${whole(small)} MB`, '1', ''],
    [`memory of a worker after ${whole((sizes.warmUp + sizes.round) * newsChannels)}`, `${whole(warm)} MB`, (warm / small).toFixed(2), ''],
    [`memory of a worker after ${whole(sizes.all * newsChannels)}`, `${whole(large)} MB`, (large / small).toFixed(2), 'flat'],
  ]
  const print = new Table({
    head: ['', 'measured', 'ratio', 'reach'],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right'],
  })
  print.push(...rows)
  const ratios = rounds.map(({ ratioToPost }) => ratioToPost.toFixed(2)).join(', ')
  return [
    ...(quick ? ['Quick run: a tenth of everything; use the full run for figures to quote.'] : []),
    print.toString(),
    `Rounds of ${whole(sizes.round * newsChannels)}; their ratios: ${ratios}; shown: the one with the median ratio.`,
    `Warnings: p50 ${whole(urgent.p50Ms)} ms, worst ${whole(urgent.worstMs)} ms, while ${whole(urgent.waitingFirst)} to ${whole(urgent.waitingLast)} everyday deliveries waited and Bluesky hung.`,
    `Machine: ${machine.cores} × ${machine.processor}, load ${machine.load.toFixed(1)} at the end; Node ${machine.node}, PostgreSQL ${machine.postgres} (fsync ${machine.fsync}), Redis ${machine.redis} (appendfsync ${machine.appendfsync}).`,
    '',
  ].join('\n')
}
