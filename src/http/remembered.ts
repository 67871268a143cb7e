// What a platform said a moment ago: many who ask the same within a minute cost the platform one question.
import type { Remember } from '../commands/findings.ts'

/** An answer holds for a minute. A failure holds for a few seconds: whoever has just mended a credential wants to see it. */
const answerMs = 60_000
const failureMs = 5_000
/** So many are kept; the oldest goes first. */
const most = 2_000

/** @param clock monotonic milliseconds */
export const openMemory = (clock = () => performance.now()): Remember => {
  const known = new Map<string, { readonly answer: Promise<unknown>; until: number }>()
  return <T>(name: string, ask: () => Promise<T>): Promise<T> => {
    const before = known.get(name)
    if (before && clock() < before.until) return before.answer as Promise<T>
    const answer = ask()
    const entry = { answer, until: clock() + answerMs }
    known.delete(name)
    if (known.size >= most) known.delete(known.keys().next().value ?? '')
    known.set(name, entry)
    answer.catch(() => {
      entry.until = clock() + failureMs
    })
    return answer
  }
}
