// A crowd asking for the same page costs the store one reader: deliveries must not wait because everybody looks.

/** Does the work for everyone who asks under this name. */
export type Crowd = <T>(name: string, work: () => Promise<T>) => Promise<T>

/**
 * While the work for a name is under way, all who ask share one further turn that begins after it: nobody gets what was read before
 * they asked, and never more than one turn of a name runs.
 */
export const crowd = (): Crowd => {
  const running = new Map<string, Promise<unknown>>()
  const waiting = new Map<string, Promise<unknown>>()
  const begin = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const turn: Promise<T> = work().finally(() => {
      if (!waiting.has(name)) running.delete(name)
    })
    running.set(name, turn)
    return turn
  }
  return <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const now = running.get(name)
    if (!now) return begin(name, work)
    const shared = waiting.get(name) as Promise<T> | undefined
    if (shared) return shared
    const next = now
      .catch(() => {})
      .then(() => {
        waiting.delete(name)
        return begin(name, work)
      })
    waiting.set(name, next)
    return next
  }
}
