// Waiting for work that others share: it goes on, only this caller stops waiting for it.

/** What the work comes to, or the error that `late` makes as soon as the signal is aborted. */
export const untilAborted = async <T>(work: Promise<T>, signal: AbortSignal, late: () => Error): Promise<T> => {
  work.catch(() => {})
  if (signal.aborted) throw late()
  const { promise, reject } = Promise.withResolvers<never>()
  const leave = (): void => reject(late())
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
