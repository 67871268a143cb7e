// A choice among keys of the city (topics, areas): one of these, or everything but these.
import type { Choice } from './policy.ts'

/** Stands in a choice for announcements that name nothing of the sort; no topic and no area is called so. */
export const none = 'none'

/** True when an announcement that names these keys is meant by the choice. */
export const isChosen = (choice: Choice, named: readonly string[]): boolean => {
  const all = named.length === 0 ? [none] : named
  return 'not' in choice ? !all.some((key) => choice.not.includes(key)) : all.some((key) => choice.includes(key))
}

/** The keys that a choice names, whichever way. */
export const keysOf = (choice: Choice): readonly string[] => ('not' in choice ? choice.not : choice)
