// A lane of its own to what many share: however many are on it, what is on the others never waits for them.

/** Does the work when its turn comes. Rejects with `LaneFull` when too many wait already. */
export type Lane = <T>(work: () => Promise<T>) => Promise<T>

export interface LaneOptions {
  /** Works at the same time. */
  readonly atOnce: number
  /** How many may wait; whoever comes then is refused at once. */
  readonly waiting: number
}

export class LaneFull extends Error {
  constructor() {
    super('too many ask for this at the moment')
    this.name = 'LaneFull'
  }
}

export const openLane = ({ atOnce, waiting: mostWaiting }: LaneOptions): Lane => {
  const waiting: (() => void)[] = []
  let inside = 0
  return async (work) => {
    if (inside < atOnce) inside++
    else if (waiting.length >= mostWaiting) throw new LaneFull()
    else await new Promise<void>((go) => waiting.push(go))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else inside--
    }
  }
}

/** One thing for each name, made for its first user and forgotten with its last: names that strangers choose cost no memory. */
export const byName = <T>(open: () => T) => {
  const things = new Map<string, { readonly thing: T; users: number }>()
  return async <R>(name: string, use: (thing: T) => Promise<R>): Promise<R> => {
    const one = things.get(name) ?? { thing: open(), users: 0 }
    things.set(name, one)
    one.users++
    try {
      return await use(one.thing)
    } finally {
      if (--one.users === 0) things.delete(name)
    }
  }
}
