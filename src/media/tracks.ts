// The tracks of a film, and where in the file their samples lie (ISO/IEC 14496-12, 8.3 to 8.7). What contradicts itself or the file throws.
import { type Box, boxesIn, boxesWithin, type Source } from './boxes.ts'

export interface Track {
  readonly box: Box
  readonly inside: readonly Box[]
  /** Four letters for what it is there for: `vide`, `soun`; empty: it does not say. */
  readonly handler: string
  /** In its `stbl`. */
  readonly tables: readonly Box[]
}

/** From one byte of the file to the one before another. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** No honest film has more samples or chunks in one track, or chunks in all that are looked at together. */
const most = 500_000

export const trackIn = async (source: Source, box: Box): Promise<Track> => {
  const inside = await boxesIn(source, box.content, box.end)
  const media = await boxesWithin(source, inside, 'mdia')
  const named = media.find(({ type }) => type === 'hdlr')
  const handler = named === undefined ? '' : (await source.read(named.content + 8, 4)).toString('latin1')
  return { box, inside, handler, tables: await boxesWithin(source, await boxesWithin(source, media, 'minf'), 'stbl') }
}

/** What the samples of these tracks take up, in order, each byte once. */
export const samplesOf = async (source: Source, tracks: readonly Track[]): Promise<readonly Span[]> => {
  const all: Span[] = []
  for (const { tables } of tracks) {
    for (const span of await chunksOf(source, tables)) all.push(span)
    if (all.length > most) throw new Error(`more than ${most} chunks`)
  }
  return united(all)
}

/** In order, what touches or overlaps made one: a file may claim the same bytes any number of times. */
const united = (spans: readonly Span[]): readonly Span[] => {
  const whole: { from: number; to: number }[] = []
  for (const { from, to } of [...spans].sort((one, other) => one.from - other.from)) {
    const last = whole.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else whole.push({ from, to })
  }
  return whole
}

/** Both in order, as `samplesOf` gives them. */
export const overlap = (some: readonly Span[], others: readonly Span[]): boolean => {
  let next = 0
  return some.some(({ from, to }) => {
    while ((others[next]?.to ?? Number.POSITIVE_INFINITY) <= from) next++
    return (others[next]?.from ?? Number.POSITIVE_INFINITY) < to
  })
}

/** A track without samples need not say where they are. */
const chunksOf = async (source: Source, tables: readonly Box[]): Promise<readonly Span[]> => {
  const sizes = await sizesIn(source, tables)
  const places = await placesIn(source, tables)
  const numbers = places.length === 0 ? [] : await numbersIn(source, tables, places.length)
  let sample = 0
  const spans = places.map((from, chunk): Span => {
    const to = from + sizes.bytes(sample, numbers[chunk] ?? 0)
    if (to > source.size) throw new Error(`a chunk reaches from ${from} to ${to} of ${source.size}`)
    sample += numbers[chunk] ?? 0
    return { from, to }
  })
  if (sample !== sizes.count) throw new Error(`${sample} samples have a place, and ${sizes.count} a size`)
  return spans.filter(({ from, to }) => from < to)
}

interface Sizes {
  readonly count: number
  /** How long so many samples are together. */
  bytes(first: number, number: number): number
}

const sizesIn = async (source: Source, tables: readonly Box[]): Promise<Sizes> => {
  const plain = await tableOf(source, tables, 'stsz', 12)
  const same = plain?.readUInt32BE(4) ?? 0
  if (plain !== undefined && same > 0) return { count: plain.readUInt32BE(8), bytes: (_, number) => number * same }
  if (plain !== undefined) return sizesFrom(plain, 32)
  const compact = await tableOf(source, tables, 'stz2', 12)
  return compact === undefined ? { count: 0, bytes: () => 0 } : sizesFrom(compact, compact.readUInt8(7))
}

/** Twelve bytes of head, then sizes of so many bits. */
const sizesFrom = (table: Buffer, bits: number): Sizes => {
  const count = table.readUInt32BE(8)
  const read = readers[bits]
  if (read === undefined || count > most || 12 + (count * bits) / 8 > table.length) throw new Error(`no ${count} sizes of ${bits} bits`)
  return {
    count,
    bytes: (first, number) => {
      if (first + number > count) throw new Error(`more samples than ${count}`)
      let sum = 0
      for (let at = first; at < first + number; at++) sum += read(table, at)
      return sum
    },
  }
}

const readers: Readonly<Record<number, (table: Buffer, at: number) => number>> = {
  4: (table, at) => (table.readUInt8(12 + (at >> 1)) >> (at % 2 === 0 ? 4 : 0)) & 15,
  8: (table, at) => table.readUInt8(12 + at),
  16: (table, at) => table.readUInt16BE(12 + at * 2),
  32: (table, at) => table.readUInt32BE(12 + at * 4),
}

/** Where each chunk begins. */
const placesIn = async (source: Source, tables: readonly Box[]): Promise<readonly number[]> => {
  const short = await tableOf(source, tables, 'stco', 8)
  if (short !== undefined) return entriesOf(short, 4, (at) => short.readUInt32BE(at))
  const long = await tableOf(source, tables, 'co64', 8)
  return long === undefined ? [] : entriesOf(long, 8, (at) => Number(long.readBigUInt64BE(at)))
}

/** How many samples each of so many chunks has; the table names the first of each run of like ones, counted from 1. */
const numbersIn = async (source: Source, tables: readonly Box[], chunks: number): Promise<readonly number[]> => {
  const table = await tableOf(source, tables, 'stsc', 8)
  const runs = table && entriesOf(table, 12, (at) => ({ first: table.readUInt32BE(at), number: table.readUInt32BE(at + 4) }))
  if (runs?.[0]?.first !== 1) throw new Error('no samples for the first chunk')
  return runs.flatMap(({ first, number }, at) => {
    const next = runs[at + 1]?.first ?? chunks + 1
    if (next <= first && at + 1 < runs.length) throw new Error(`chunk ${next} after chunk ${first}`)
    return Array<number>(Math.max(0, Math.min(next, chunks + 1) - first)).fill(number)
  })
}

/** What stands behind a head of eight bytes that ends with how many there are. */
const entriesOf = <Entry>(table: Buffer, bytes: number, read: (at: number) => Entry): readonly Entry[] => {
  const count = table.readUInt32BE(4)
  if (count > most || 8 + count * bytes > table.length) throw new Error(`no ${count} entries of ${bytes} bytes`)
  return Array.from({ length: count }, (_, at) => read(8 + at * bytes))
}

/** The content of the table of this type; undefined: there is none. */
const tableOf = async (source: Source, tables: readonly Box[], type: string, least: number): Promise<Buffer | undefined> => {
  const box = tables.find((one) => one.type === type)
  if (box === undefined) return undefined
  const length = Math.min(box.end - box.content, 12 + most * 12)
  if (length < least) throw new Error(`${type} of ${length} bytes`)
  return source.read(box.content, length)
}
