// Names of files that the store did not know a moment ago: who asks for one again asks the store for nothing.

export interface UnknownNames {
  has(name: string): boolean
  add(name: string): void
}

/** Short, because a file may be uploaded and released in the meantime. */
const keptMs = 5_000

/** A flood of names costs no memory: beyond this the oldest is forgotten. */
const mostKept = 10_000

/** @param now milliseconds of a clock that only goes forward */
export const openUnknownNames = (now = () => performance.now()): UnknownNames => {
  const until = new Map<string, number>()
  return {
    has: (name) => (until.get(name) ?? 0) > now(),
    add: (name) => {
      until.delete(name)
      const [oldest] = until.size < mostKept ? [] : until.keys()
      if (oldest !== undefined) until.delete(oldest)
      until.set(name, now() + keptMs)
    },
  }
}
