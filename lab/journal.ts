// The lab's memory on disk: every call that changes something, in the order in which it was done, so that a lab that was killed comes back as it was.
import { closeSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import type { Answer, Ask, Call, Room } from './room.ts'

export interface Journal {
  /** The time in the rooms, milliseconds since 1970: it stands still while a call is done or done again. */
  now(): number
  /** Does the call, and writes it down before anybody hears of it. One after the other: the order is part of what is remembered. */
  keep(call: Call, done: Done): Call
  /** Does again what stands in the file. */
  replay(rooms: ReadonlyMap<string, Room>): Promise<void>
  clear(): void
  close(): void
}

interface Done {
  readonly platform: string
  readonly ask: Ask
  /** How far the platform's clock was ahead of the lab's. */
  readonly clockMs: number
}

interface Line {
  /** By the platform's clock. */
  readonly at: number
  readonly platform: string
  readonly ask: Omit<Ask, 'query' | 'body'> & { readonly query: string; readonly body: string }
}

/** Reading and signing in leave nothing behind that would have to be remembered. */
const changes: readonly Call['operation'][] = ['publish', 'media', 'update', 'delete']

/** @param clock the lab's own clock */
export const openJournal = (file: string, clock: () => number): Journal => {
  const journal = openSync(file, 'a')
  let frozen: number | undefined
  let last: Promise<unknown> = Promise.resolve()

  const at = async <T>(time: number, work: () => T | Promise<T>): Promise<T> => {
    frozen = time
    try {
      return await work()
    } finally {
      frozen = undefined
    }
  }
  const keep: Journal['keep'] = (call, { platform, ask, clockMs }) => {
    if (!changes.includes(call.operation)) return call
    const doneAndKept = async (): Promise<Answer> => {
      const time = clock()
      try {
        return await at(time, () => call.act())
      } finally {
        writeSync(journal, lineOf({ at: time + clockMs, platform, ask }))
      }
    }
    const act = (): Promise<Answer> => {
      const acting = last.then(doneAndKept)
      last = acting.catch(() => {})
      return acting
    }
    return { ...call, act }
  }
  return {
    now: () => frozen ?? clock(),
    keep,
    replay: async (rooms) => {
      for (const { at: time, platform, ask } of linesIn(file)) {
        const call = rooms.get(platform)?.call(askIn(ask))
        // what was refused then is refused again
        await at(time, () => call?.act()).catch(() => {})
      }
    },
    clear: () => truncateSync(file),
    close: () => closeSync(journal),
  }
}

const lineOf = ({ at, platform, ask }: { at: number; platform: string; ask: Ask }): string => {
  const { method, path, headers, ip, fetched } = ask
  const more = { query: String(ask.query), body: ask.body.toString('base64'), ...(fetched && { fetched }) }
  const line: Line = { at, platform, ask: { method, path, headers, ip, ...more } }
  return `${JSON.stringify(line)}\n`
}

const askIn = ({ query, body, ...ask }: Line['ask']): Ask => ({
  ...ask,
  query: new URLSearchParams(query),
  body: Buffer.from(body, 'base64'),
})

/** A last line without its end was being written when the lab died: nobody has heard of that call, and it is cut off. */
const linesIn = (file: string): Line[] => {
  const whole = readFileSync(file)
  const end = whole.lastIndexOf('\n') + 1
  truncateSync(file, end)
  const lines = whole.subarray(0, end).toString().split('\n').slice(0, -1)
  return lines.map((line): Line => JSON.parse(line))
}
