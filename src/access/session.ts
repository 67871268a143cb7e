// Sign-ins of operators: opaque ids held in this process alone. A restart signs everybody out.
import { createHash, randomBytes } from 'node:crypto'
import type { Actor } from '../commands/desk.ts'

export interface Session {
  readonly actor: Actor
  /** The API key that was presented; the session ends when it is revoked. */
  readonly keyId: string
}

export interface Sessions {
  /** Opens a session and returns its id, the only thing the browser gets: 256 random bits. */
  open(session: Session): string
  /** The session, if it is neither idle for too long nor too old; finding it counts as use. */
  find(id: string): Session | undefined
  close(id: string): void
}

/** Idle 30 minutes, at most 12 hours: what ASVS 7.3 asks to be fixed. */
const idleMs = 30 * 60_000
const absoluteMs = 12 * 3_600_000

/** More operators than any city has; beyond it the one signed in longest ago is signed out. */
const most = 200

/** `clock` gives monotonic milliseconds. */
export const openSessions = (clock: () => number = () => performance.now()): Sessions => {
  const sessions = new Map<string, Session & { readonly openedAt: number; usedAt: number }>()
  return {
    open: (session) => {
      const id = randomBytes(32).toString('base64url')
      const oldest = sessions.keys().next().value
      if (sessions.size >= most && oldest !== undefined) sessions.delete(oldest)
      sessions.set(hashOf(id), { ...session, openedAt: clock(), usedAt: clock() })
      return id
    },
    find: (id) => {
      const found = sessions.get(hashOf(id))
      if (!found) return undefined
      const now = clock()
      if (now - found.usedAt > idleMs || now - found.openedAt > absoluteMs) {
        sessions.delete(hashOf(id))
        return undefined
      }
      found.usedAt = now
      return found
    },
    close: (id) => void sessions.delete(hashOf(id)),
  }
}

const hashOf = (id: string): string => createHash('sha256').update(id).digest('hex')
