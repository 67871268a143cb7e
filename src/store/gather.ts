// Gathers single calls for a moment into one statement: the cost of the ledger lies in round trips and commits, not in rows.

/** Resolves with this item's own answer; rejects when its statement failed. */
export type Gathering<In, Out> = (item: In) => Promise<Out>

interface Waiting<In, Out> {
  readonly item: In
  readonly resolve: (answer: Out) => void
  readonly reject: (error: unknown) => void
}

/**
 * @param run takes the gathered items and gives one answer for each, in the same order
 * @param limits at most `max` items in one call; a single caller waits at most `withinMs`; `parallel` statements at the same time
 */
export const gather = <In, Out>(
  run: (items: readonly In[]) => Promise<readonly Out[]>,
  limits: { readonly max: number; readonly withinMs: number; readonly parallel: number },
): Gathering<In, Out> => {
  let waiting: Waiting<In, Out>[] = []
  let timer: NodeJS.Timeout | undefined
  let running = 0

  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (waiting.length === 0 || running >= limits.parallel) return
    const batch = waiting.slice(0, limits.max)
    waiting = waiting.slice(limits.max)
    running++
    run(batch.map(({ item }) => item))
      .then(
        (answers) => {
          for (const [at, { resolve }] of batch.entries()) resolve(answers[at] as Out)
        },
        (error) => {
          for (const { reject } of batch) reject(error)
        },
      )
      .finally(() => {
        running--
        if (waiting.length > 0) flush()
      })
    if (waiting.length >= limits.max) flush()
  }

  return (item) =>
    new Promise<Out>((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (waiting.length >= limits.max) flush()
      else timer ??= setTimeout(flush, limits.withinMs)
    })
}
