// Topics and areas in a city file: whatever names one names one that the city has declared.

import { keysOf, none } from './choice.ts'
import { listedDistricts } from './districts.ts'
import type { Finding } from './finding.ts'
import { type CityFile, choiceOf } from './schema.ts'
import { type Declared, listedTopics, meantKey } from './topics.ts'

/** What a city declares under one key and names by another. */
interface Sort {
  readonly named: 'topic' | 'district'
  readonly declared: 'topics' | 'districts'
  readonly de: string
  readonly without: string
  listed(declared: Declared): readonly [de: string, en: string]
}

const sorts: readonly Sort[] = [
  { named: 'topic', declared: 'topics', de: 'Thema', without: 'ohne Thema', listed: listedTopics },
  { named: 'district', declared: 'districts', de: 'Gebiet', without: 'ohne Gebiet', listed: listedDistricts },
]

/** Topics and areas that channels and rules name and the city has not declared. */
export const keyFindings = (file: CityFile): readonly Finding[] => sorts.flatMap((sort) => findingsOf(file, sort))

const findingsOf = (file: CityFile, sort: Sort): readonly Finding[] => {
  const declared = file[sort.declared] ?? {}
  const named = [
    ...file.channels.map((channel, index) => ({ choice: channel[sort.named], path: ['channels', index, sort.named] })),
    ...file.channels.flatMap(({ templates }, index) =>
      (templates ?? []).map(({ when }, at) => ({
        choice: when[sort.named],
        path: ['channels', index, 'templates', at, 'when', sort.named],
      })),
    ),
    ...file.rules.map(({ when }, index) => ({ choice: when?.[sort.named], path: ['rules', index, 'when', sort.named] })),
  ]
  return [
    ...(Object.hasOwn(declared, none) ? [reserved(sort)] : []),
    ...named.flatMap(({ choice, path }) => {
      const keys = keysOf(choiceOf(choice) ?? []).filter((key) => key !== none && !Object.hasOwn(declared, key))
      return keys.map((key) => undeclared(key, sort, { declared, path: pathIn(choice, key, path) }))
    }),
  ]
}

const reserved = ({ named, declared, de, without }: Sort): Finding => ({
  code: `reserved-${named}`,
  path: [declared, none],
  atKey: true,
  de: `»none« steht in Regeln für Meldungen ${without} und kann kein ${de} sein. Bitte einen anderen Schlüssel wählen.`,
  en: `"none" stands for announcements without a ${named} in rules, and cannot be a ${named}. Choose another key.`,
})

/** The place of one key within `culture`, `[culture, sport]` or `{ not: … }`. */
const pathIn = (written: unknown, key: string, path: Finding['path']): Finding['path'] => {
  if (typeof written === 'object' && written !== null && 'not' in written) return pathIn(written.not, key, [...path, 'not'])
  return Array.isArray(written) ? [...path, written.indexOf(key)] : path
}

interface Undeclared {
  readonly declared: Declared
  readonly path: Finding['path']
}

const undeclared = (key: string, sort: Sort, { declared, path }: Undeclared): Finding => {
  const meant = meantKey(key, declared)
  const [de, en] = sort.listed(declared)
  return {
    code: `unknown-${sort.named}`,
    path,
    de: `Das ${sort.de} »${key}« steht nicht unter ${sort.declared}.${meant ? ` Meinten Sie »${meant}«?` : ''} ${de}`,
    en: `The ${sort.named} "${key}" is not under ${sort.declared}.${meant ? ` Did you mean "${meant}"?` : ''} ${en}`,
  }
}
