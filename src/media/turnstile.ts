// Lets a few through at a time: pictures being worked on need memory by the hundred megabytes.

/** Runs `work` when there is room; urgent work before all that waits and is not. */
export type Turnstile = <T>(work: () => Promise<T>, isUrgent?: boolean) => Promise<T>

/**
 * A gate through which at most `most` go at the same time, and beside them at most `reserved` urgent ones: what hangs inside keeps no warning
 * outside. The others wait in the order in which they came, the urgent ones in front.
 */
export const turnstile = (most: number, reserved = 0): Turnstile => {
  const [urgent, usual]: [(() => void)[], (() => void)[]] = [[], []]
  let inside = 0
  const hasRoom = (isUrgent: boolean): boolean => inside < most + (isUrgent ? reserved : 0)
  const letIn = (): void => {
    while (urgent.length > 0 ? hasRoom(true) : usual.length > 0 && hasRoom(false)) {
      inside++
      const go = urgent.shift() ?? usual.shift()
      go?.()
    }
  }
  return async (work, isUrgent = false) => {
    await new Promise<void>((go) => {
      ;(isUrgent ? urgent : usual).push(go)
      letIn()
    })
    try {
      return await work()
    } finally {
      inside--
      letIn()
    }
  }
}
