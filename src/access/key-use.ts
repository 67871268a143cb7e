// When each key was used last: noted once a minute at most, and never while somebody waits for an answer.

/** Between two notes of the same key, and how long a note waits for others, in milliseconds. */
const everyMs = 60_000
const gatherMs = 1_000

export interface KeyUse {
  used(id: string): void
  /** Writes what is still to be noted. */
  close(): Promise<void>
}

/** `write` may fail: a use that is not noted keeps nobody from working. `clock` gives monotonic milliseconds. */
export const openKeyUse = (write: (ids: readonly string[]) => Promise<void>, clock: () => number = () => performance.now()): KeyUse => {
  const noted = new Map<string, number>()
  let waiting = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const ids = [...waiting]
    waiting = new Set()
    if (ids.length > 0) await write(ids).catch(() => {})
  }
  return {
    used: (id) => {
      const now = clock()
      if (now - (noted.get(id) ?? Number.NEGATIVE_INFINITY) < everyMs) return
      noted.set(id, now)
      waiting.add(id)
      timer ??= setTimeout(() => void flush(), gatherMs).unref()
    },
    close: flush,
  }
}
