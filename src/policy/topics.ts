// The topics that a city has declared: an announcement names no other, or a rule for its topic would pass it by.
import type { Announcement } from '../announcement/announcement.ts'
import type { Problem } from '../announcement/refusal.ts'
import { didYouMean } from './did-you-mean.ts'
import type { City } from './policy.ts'

/** Keys and the titles that people read. */
export type Declared = City['topics']

/** The topics of the announcement that its city has not declared, each with the one that was probably meant. */
export const unknownTopics = ({ topics }: Pick<Announcement, 'topics'>, city: Pick<City, 'city' | 'topics'>): readonly Problem[] =>
  topics
    .filter((topic) => !Object.hasOwn(city.topics, topic))
    .map((topic) => {
      const meant = meantKey(topic, city.topics)
      const [de, en] = listedTopics(city.topics)
      return {
        code: 'unknown-topic',
        de: `Das Thema »${topic}« hat ${city.city} nicht.${meant ? ` Meinten Sie »${meant}«?` : ''} ${de}`,
        en: `${city.city} has no topic "${topic}".${meant ? ` Did you mean "${meant}"?` : ''} ${en}`,
        place: 'topics',
      }
    })

/** The declared topic (or area) whose key or title is closest to what was written; null: none is close. */
export const meantKey = (written: string, topics: Declared): string | null => {
  const byWords = new Map(Object.entries(topics).flatMap(([key, title]) => [[key, key] as const, [title, key] as const]))
  return byWords.get(didYouMean(written, [...byWords.keys()]) ?? '') ?? null
}

/** All declared topics, as a sentence of their own. */
export const listedTopics = (topics: Declared): readonly [de: string, en: string] =>
  listed(topics, ['Die Stadtdatei legt keine Themen fest (topics).', 'The city file declares no topics.'])

/** All that is declared, as a sentence of its own; `nothing`: where that is nothing. */
export const listed = (declared: Declared, nothing: readonly [de: string, en: string]): readonly [de: string, en: string] => {
  const all = Object.entries(declared).map(([key, title]) => `${key} (${title})`)
  if (all.length === 0) return nothing
  return [`Es gibt: ${all.join(', ')}.`, `There are: ${all.join(', ')}.`]
}
