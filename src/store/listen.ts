// Hears what other transactions commit (PostgreSQL LISTEN), on a connection of its own that comes back by itself.
import pg from 'pg'
import { hangUp } from './silence.ts'

export interface Ear {
  close(): Promise<void>
}

/** Calls `heard` with the word of every commit that rang `channel`, and with null after each (re)connection: rings may have been missed. */
export const listen = (url: string, channel: string, heard: (word: string | null) => void): Ear => {
  let closed = false
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let pulse: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({ connectionString: url, ...patience })
    client = fresh
    fresh.on('error', () => again(fresh))
    fresh.on('end', () => again(fresh))
    fresh.on('notification', ({ payload }) => heard(payload ?? null))
    try {
      await fresh.connect()
      await fresh.query(`listen ${pg.escapeIdentifier(channel)}`)
      heard(null)
      if (client === fresh && !closed) pulse = setInterval(() => fresh.query('select 1').catch(() => again(fresh)), pulseMs)
    } catch {
      again(fresh)
    }
  }

  const again = (broken: pg.Client): void => {
    if (closed || client !== broken) return
    client = undefined
    clearInterval(pulse)
    hangUp(broken)
    timer = setTimeout(() => void connect(), 500)
  }

  void connect()
  return {
    close: async () => {
      closed = true
      clearTimeout(timer)
      clearInterval(pulse)
      if (client) hangUp(client)
    },
  }
}

/** Nobody speaks on this connection for hours: without a word now and then, one that has gone silent would never be noticed. */
const pulseMs = 5000
const patience = { connectionTimeoutMillis: 10_000, query_timeout: 5000 }
