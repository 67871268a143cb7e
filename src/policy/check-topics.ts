// Topics in a city file: whatever names one names one that the city has declared.
import type { Finding } from './checks.ts'
import { keysOf, none } from './choice.ts'
import { type CityFile, choiceOf } from './schema.ts'
import { listed, meantTopic } from './topics.ts'

/** Topics that channels and rules name and the city has not declared. */
export const topicFindings = (file: CityFile): readonly Finding[] => {
  const declared = file.topics ?? {}
  const named = [
    ...file.channels.map(({ topic }, index) => ({ topic, path: ['channels', index, 'topic'] })),
    ...file.channels.flatMap(({ templates }, index) =>
      (templates ?? []).map(({ when }, at) => ({ topic: when.topic, path: ['channels', index, 'templates', at, 'when', 'topic'] })),
    ),
    ...file.rules.map(({ when }, index) => ({ topic: when?.topic, path: ['rules', index, 'when', 'topic'] })),
  ]
  return [
    ...(Object.hasOwn(declared, none) ? [reservedTopic] : []),
    ...named.flatMap(({ topic, path }) => {
      const keys = keysOf(choiceOf(topic) ?? []).filter((key) => key !== none && !Object.hasOwn(declared, key))
      return keys.map((key) => undeclaredTopic(key, { declared, path: pathIn(topic, key, path) }))
    }),
  ]
}

const reservedTopic: Finding = {
  code: 'reserved-topic',
  path: ['topics', none],
  atKey: true,
  de: '»none« steht in Regeln für Meldungen ohne Thema und kann kein Thema sein. Bitte einen anderen Schlüssel wählen.',
  en: '"none" stands for announcements without a topic in rules, and cannot be a topic. Choose another key.',
}

/** The place of one key within `culture`, `[culture, sport]` or `{ not: … }`. */
const pathIn = (written: unknown, key: string, path: Finding['path']): Finding['path'] => {
  if (typeof written === 'object' && written !== null && 'not' in written) return pathIn(written.not, key, [...path, 'not'])
  return Array.isArray(written) ? [...path, written.indexOf(key)] : path
}

interface Undeclared {
  readonly declared: Readonly<Record<string, string>>
  readonly path: Finding['path']
}

const undeclaredTopic = (key: string, { declared, path }: Undeclared): Finding => {
  const meant = meantTopic(key, declared)
  const [de, en] = listed(declared)
  return {
    code: 'unknown-topic',
    path,
    de: `Das Thema »${key}« steht nicht unter topics.${meant ? ` Meinten Sie »${meant}«?` : ''} ${de}`,
    en: `The topic "${key}" is not under topics.${meant ? ` Did you mean "${meant}"?` : ''} ${en}`,
  }
}
