// Lets a few through at a time: pictures being worked on need memory by the hundred megabytes.

/** A gate through which at most `most` go at the same time; the others wait in the order in which they came. */
export const turnstile = (most: number): (<T>(work: () => Promise<T>) => Promise<T>) => {
  const waiting: (() => void)[] = []
  let inside = 0
  return async (work) => {
    if (inside >= most) await new Promise<void>((go) => waiting.push(go))
    else inside++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else inside--
    }
  }
}
