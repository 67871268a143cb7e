// Warnings go first inside a process too: while one is under way, everyday deliveries do not begin what would keep the process busy.

export interface Precedence {
  /** Does the work of a warning; what is everyday makes way for it, but no longer than a moment: its platform may hang. */
  first<T>(work: () => Promise<T>): Promise<T>
  /** Resolves when no warning has just begun, or after a while all the same. */
  turn(): Promise<void>
}

/** From the queue to the platform a warning needs a quarter of this. */
const momentMs = 100
/** Far less than an attempt may take. */
const patienceMs = 2000

export const openPrecedence = (): Precedence => {
  const young = new Set<object>()
  let waiting: (() => void)[] = []

  const ended = (one: object): void => {
    if (!young.delete(one) || young.size > 0) return
    const free = waiting
    waiting = []
    for (const go of free) go()
  }

  return {
    first: async (work) => {
      const one = {}
      young.add(one)
      const timer = setTimeout(ended, momentMs, one)
      try {
        return await work()
      } finally {
        clearTimeout(timer)
        ended(one)
      }
    },
    turn: async () => {
      if (young.size === 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push(resolve)
      const timer = setTimeout(resolve, patienceMs)
      await promise
      clearTimeout(timer)
    },
  }
}
