// The topics that a city has declared: an announcement names no other, or a rule for its topic would pass it by.
import type { Announcement } from '../announcement/announcement.ts'
import type { Problem } from '../announcement/refusal.ts'
import { didYouMean } from './did-you-mean.ts'
import type { City } from './policy.ts'

type Declared = City['topics']

/** The topics of the announcement that its city has not declared, each with the one that was probably meant. */
export const unknownTopics = ({ topics }: Pick<Announcement, 'topics'>, city: Pick<City, 'city' | 'topics'>): readonly Problem[] =>
  topics
    .filter((topic) => !Object.hasOwn(city.topics, topic))
    .map((topic) => {
      const meant = meantTopic(topic, city.topics)
      const [de, en] = listed(city.topics)
      return {
        code: 'unknown-topic',
        de: `Das Thema »${topic}« hat ${city.city} nicht.${meant ? ` Meinten Sie »${meant}«?` : ''} ${de}`,
        en: `${city.city} has no topic "${topic}".${meant ? ` Did you mean "${meant}"?` : ''} ${en}`,
        place: 'topics',
      }
    })

/** The declared topic whose key or title is closest to what was written; null: none is close. */
export const meantTopic = (written: string, topics: Declared): string | null => {
  const byWords = new Map(Object.entries(topics).flatMap(([key, title]) => [[key, key] as const, [title, key] as const]))
  return byWords.get(didYouMean(written, [...byWords.keys()]) ?? '') ?? null
}

/** All declared topics, as a sentence of their own. */
export const listed = (topics: Declared): readonly [de: string, en: string] => {
  const all = Object.entries(topics).map(([key, title]) => `${key} (${title})`)
  if (all.length === 0) return ['Die Stadtdatei legt keine Themen fest (topics).', 'The city file declares no topics.']
  return [`Es gibt: ${all.join(', ')}.`, `There are: ${all.join(', ')}.`]
}
