// Merges figures that tests have noted into bench/reliability.json: node bench/reliability.ts FILE
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import type { Figure } from '../test/support/figures.ts'

/** What the kill loops counted, all of them together. */
const counts = ['deliveries', 'kills', 'lost', 'doubled', 'inverted', 'held'] as const

export interface Reliability extends Readonly<Record<(typeof counts)[number], number>> {
  /** Of the kill loops. */
  readonly seeds: readonly number[]
  /** From the SIGKILL of a worker during an alert to the receipt, milliseconds. */
  readonly recovery: { readonly p50Ms: number; readonly p99Ms: number; readonly samples: number } | null
  /** The worst value of every other figure, by name; milliseconds. */
  readonly worst: Readonly<Record<string, number>>
  readonly machine: { readonly cores: number; readonly processor: string; readonly node: string }
}

/** What the new figures say; where they say nothing, what stood before stays. */
export const merged = (before: Partial<Reliability>, figures: readonly Figure[]): Omit<Reliability, 'machine'> => {
  const of = (name: string): number[] => figures.filter((figure) => figure.name === name).map(({ value }) => value)
  const seeds = of('seed')
  const counted = counts.map((name) => [name, seeds.length > 0 ? sum(of(name)) : (before[name] ?? 0)])
  const recovery = of('recoveryMs').toSorted((one, other) => one - other)
  const others = figures.filter(({ name }) => name !== 'seed' && name !== 'recoveryMs' && !(counts as readonly string[]).includes(name))
  const worst = Object.fromEntries(
    Map.groupBy(others, ({ name }) => name)
      .entries()
      .map(worstOf),
  )
  return {
    ...(Object.fromEntries(counted) as Record<(typeof counts)[number], number>),
    seeds: seeds.length > 0 ? seeds : (before.seeds ?? []),
    recovery: recovery.length > 0 ? inShort(recovery) : (before.recovery ?? null),
    worst: { ...before.worst, ...worst },
  }
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)

const worstOf = ([name, all]: [string, Figure[]]): [string, number] => [name, Math.round(Math.max(...all.map(({ value }) => value)))]

const inShort = (sorted: readonly number[]) => {
  const at = (share: number): number => Math.round(sorted[Math.ceil(share * sorted.length) - 1] as number)
  return { p50Ms: at(0.5), p99Ms: at(0.99), samples: sorted.length }
}

const here = () => ({ cores: availableParallelism(), processor: cpus()[0]?.model.trim() ?? 'unknown', node: process.versions.node })

const main = (from: string): void => {
  const file = join(import.meta.dirname, 'reliability.json')
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const lines = readFileSync(from, 'utf8').split('\n').filter(Boolean)
  const figures = lines.map((line): Figure => JSON.parse(line))
  writeFileSync(file, `${JSON.stringify({ ...merged(before, figures), machine: here() }, null, 2)}\n`)
}

if (import.meta.main) main(process.argv[2] ?? '')
