// When the next letter may leave: evenly over the minute here, and over all processes no more than the mail server takes.
import { setTimeout as pause } from 'node:timers/promises'
import type { Tools } from '../../src/connector/connector.ts'
import type { Pace } from '../../src/connector/limits.ts'
import type { EmailSettings } from './settings.ts'

/** Resolves when it is the next letter's turn; with false when the signal came first. */
export type Turn = (signal: AbortSignal) => Promise<boolean>

/** Channels with the same server and the same pace share it, whichever process or city they belong to. */
export const openTurns = ({ base, perMinute }: Pick<EmailSettings, 'base' | 'perMinute'>, { pace }: Pick<Tools, 'pace'>): Turn => {
  const [evenly, span] = [openSpread(perMinute), spanOf(perMinute)]
  return async (signal) => {
    if (!(await evenly(signal))) return false
    for (;;) {
      const wait = await pace(base, span)
      if (wait === 0) return true
      if (!(await rested(wait, signal))) return false
    }
  }
}

/** As short as whole numbers allow, so that no burst stands at the beginning of a minute. */
const spanOf = (perMinute: number): Pace =>
  perMinute < 60 ? { actions: 1, perSeconds: Math.ceil(60 / perMinute) } : { actions: Math.floor(perMinute / 60), perSeconds: 1 }

/** One after the other, in this process. */
const openSpread = (perMinute: number): Turn => {
  const apartMs = 60_000 / perMinute
  let next = 0
  return async (signal) => {
    const now = performance.now()
    const mine = Math.max(now, next)
    next = mine + apartMs
    return mine - now < 1 || rested(mine - now, signal)
  }
}

const rested = (ms: number, signal: AbortSignal): Promise<boolean> => pause(ms, true, { signal }).catch(() => false)
