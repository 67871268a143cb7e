// A wire that can be damaged: stands between us and Redis, PostgreSQL or a platform, and fails as networks do, byte by byte.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'

export type Target = { readonly path: string } | { readonly port: number }

/** From us to them, or back. */
export type Direction = 'out' | 'back'

export type Damage =
  /** Ends after so many more bytes in that direction: in order (FIN), or by a reset (RST). */
  | { readonly kind: 'cut' | 'reset'; readonly direction: Direction; readonly afterBytes: number }
  /** Half-open: nothing passes any more, and nobody is told. */
  | { readonly kind: 'silent' }
  /**
   * Nothing passes for so long, then everything does, in order. What we sent arrives even when we have hung up meanwhile: a
   * platform that accepts late.
   */
  | { readonly kind: 'stall'; readonly forMs: number }
  /** Everything passes, in pieces of so many bytes. */
  | { readonly kind: 'slice'; readonly bytes: number }

export interface Wire {
  readonly port: number
  /** Damages the connections that are open now, of which `said` (what we sent) is as wished; returns how many. */
  damage(damage: Damage, wished?: (said: string) => boolean): number
  /** Damages every connection that is opened from now on; null: none any more. */
  damageNew(damage: Damage | null): void
  /** How often we have said these words, on all connections. */
  times(words: string): number
  /** True when no stalled bytes are on their way any more. */
  calm(): boolean
  /** How many connections a cut or a reset has ended. */
  broken(): number
  /** Where connections that are opened from now on lead. */
  redirect(target: Target): void
  [Symbol.asyncDispose](): Promise<void>
}

/** `await using wire = await aWire({ path: redis.path })` */
export const aWire = async (first: Target): Promise<Wire> => {
  let target = first
  let coming: Damage | null = null
  let broken = 0
  const strands: Strand[] = []
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const strand = aStrand(client, connect({ ...target, allowHalfOpen: true }), () => broken++)
    strands.push(strand)
    if (coming) strand.damage(coming)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    port: (server.address() as AddressInfo).port,
    damage: (damage, wished = () => true) => {
      const chosen = strands.filter((strand) => strand.isOpen() && wished(strand.said()))
      for (const strand of chosen) strand.damage(damage)
      return chosen.length
    },
    damageNew: (damage) => {
      coming = damage
    },
    times: (words) => strands.reduce((sum, strand) => sum + strand.said().split(words).length - 1, 0),
    calm: () => strands.every((strand) => strand.isCalm()),
    broken: () => broken,
    redirect: (to) => {
      target = to
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()))
      for (const strand of strands) strand.end()
      await closed
    },
  }
}

interface Strand {
  damage(damage: Damage): void
  said(): string
  isOpen(): boolean
  isCalm(): boolean
  end(): void
}

interface Struck {
  readonly damage: Damage
  readonly at: number
  left: number
}

/** One connection through the wire. */
const aStrand = (client: Socket, peer: Socket, onBroken: () => void): Strand => {
  let struck: Struck | null = null
  let said = ''
  let held = 0
  const end = (how: 'cut' | 'reset' = 'cut'): void => {
    if (how === 'reset') client.resetAndDestroy()
    else client.destroy()
    peer.destroy()
  }
  const pass = async (direction: Direction, bytes: Buffer): Promise<void> => {
    const to = direction === 'out' ? peer : client
    const put = (piece: Buffer): void => void (to.writable && to.write(piece))
    const { damage } = struck ?? {}
    if (struck === null || damage === undefined) return put(bytes)
    switch (damage.kind) {
      case 'silent':
        return
      case 'stall':
        held++
        await until(struck.at + damage.forMs)
        held--
        return put(bytes)
      case 'slice':
        for (let at = 0; at < bytes.length; at += damage.bytes) {
          put(bytes.subarray(at, at + damage.bytes))
          await turn()
        }
        return
      case 'cut':
      case 'reset': {
        const { left } = struck
        if (damage.direction === direction) struck.left -= bytes.length
        if (damage.direction !== direction || bytes.length <= left) return put(bytes)
        if (left > 0) put(bytes.subarray(0, left))
        onBroken()
        setImmediate(end, damage.kind)
      }
    }
  }
  join(client, (bytes) => pass('out', bytes), {
    ended: () => struck?.damage.kind !== 'silent' && peer.end(),
    heard: (bytes) => {
      said = (said + bytes.toString('latin1')).slice(-1_000_000)
    },
  })
  join(peer, (bytes) => pass('back', bytes), { ended: () => struck?.damage.kind !== 'silent' && client.end() })
  return {
    damage: (damage) => {
      struck = { damage, at: performance.now(), left: 'afterBytes' in damage ? damage.afterBytes : 0 }
    },
    said: () => said,
    isOpen: () => !client.destroyed,
    isCalm: () => held === 0,
    end: () => end(),
  }
}

interface Around {
  ended(): unknown
  heard?(bytes: Buffer): void
}

/** Passes what comes in order, and the end after it. */
const join = (from: Socket, pass: (bytes: Buffer) => Promise<void>, { ended, heard }: Around): void => {
  let tail: Promise<unknown> = Promise.resolve()
  from.setNoDelay(true)
  from.on('data', (bytes) => {
    heard?.(bytes)
    tail = tail.then(() => pass(bytes))
  })
  from.on('error', () => {})
  from.on('end', () => {
    tail = tail.then(ended)
  })
  from.on('close', () => {
    tail = tail.then(ended)
  })
}

const until = (at: number): Promise<void> => new Promise((done) => setTimeout(done, Math.max(at - performance.now(), 0)))
