// A task that is done again and again, one run at a time, until it is closed.

export interface Every {
  close(): Promise<void>
}

/** Waits `ms` after each run; errors go to `onError` and the next run comes all the same. */
export const every = (ms: number, task: () => Promise<unknown>, onError: (error: unknown) => void): Every => {
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const run = async (): Promise<void> => {
    try {
      await task()
    } catch (error) {
      if (!closed) onError(error)
    }
    if (!closed) timer = setTimeout(start, ms)
  }
  const start = (): void => {
    running = run()
  }
  start()
  return {
    close: async () => {
      closed = true
      clearTimeout(timer)
      await running
    },
  }
}
