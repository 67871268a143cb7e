// Hears what other transactions commit (PostgreSQL LISTEN), on a connection of its own that comes back by itself.
import pg from 'pg'

export interface Ear {
  close(): Promise<void>
}

/** Calls `heard` after every commit that rang `channel`, and once after each (re)connection, since rings may have been missed. */
export const listen = (url: string, channel: string, heard: () => void): Ear => {
  let closed = false
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({ connectionString: url, keepAlive: true })
    client = fresh
    fresh.on('error', () => again(fresh))
    fresh.on('end', () => again(fresh))
    fresh.on('notification', heard)
    try {
      await fresh.connect()
      await fresh.query(`listen ${pg.escapeIdentifier(channel)}`)
      heard()
    } catch {
      again(fresh)
    }
  }

  const again = (broken: pg.Client): void => {
    if (closed || client !== broken) return
    client = undefined
    broken.end().catch(() => {})
    timer = setTimeout(() => void connect(), 500)
  }

  void connect()
  return {
    close: async () => {
      closed = true
      clearTimeout(timer)
      await client?.end().catch(() => {})
    },
  }
}
