// What in a city file can be read and has no effect, or not the one that was meant: told by `cities check`, and no reason not to start.
import { severities } from '../announcement/announcement.ts'
import { keysOf } from './choice.ts'
import type { Finding } from './finding.ts'
import type { Choice, Rule, RuleCondition } from './policy.ts'
import { isEndless } from './quiet-hours.ts'
import { type CityFile, toCity, windowsOf } from './schema.ts'

/** Every finding names its place. */
export const checkSense = (file: CityFile): readonly Finding[] => [
  ...noNewsroom(file),
  ...shadowed(file),
  ...quietWithoutHours(file),
  ...oddHours(file),
  ...severityOfNothing(file),
]

/** Everything that goes to a platform is also on the city's own page: readers need no account there. */
const noNewsroom = ({ channels }: CityFile): readonly Finding[] =>
  channels.some(({ platform }) => platform === 'newsroom')
    ? []
    : [
        {
          code: 'no-newsroom',
          path: ['channels'],
          de: 'Die Stadt hat keinen Newsroom; bitte einen Kanal mit platform: newsroom ergänzen, den auch Menschen ohne Konto lesen.',
          en: 'The city has no newsroom; add a channel with platform: newsroom, which people without an account can read.',
        },
      ]

/** Rules that never decide: for each of their channels an earlier rule fits whenever they do. */
const shadowed = (file: CityFile): readonly Finding[] => {
  const { rules, channels } = toCity(file)
  const channelsOf = (rule: Rule): readonly string[] => (rule.channels === 'all' ? channels.map(({ name }) => name) : rule.channels)
  return rules.flatMap((rule, index) => {
    const over = rules.slice(0, index).filter((earlier) => covers(earlier.when, rule.when))
    const left = channelsOf(rule).filter((name) => !over.some((earlier) => channelsOf(earlier).includes(name)))
    if (over.length === 0 || left.length > 0) return []
    const names = over.map(({ name }) => `»${name}«`).join(', ')
    return {
      code: 'rule-without-effect',
      path: ['rules', index, 'name'],
      de: `Die Regel »${rule.name}« entscheidet nie, weil ${names} davor immer schon passt; bitte davor stellen, enger fassen oder streichen.`,
      en: `The rule "${rule.name}" never decides, because ${names} before it always fits; move it up, narrow it, or drop it.`,
    }
  })
}

/** True when `wide` fits every announcement that `narrow` fits. */
const covers = (wide: RuleCondition, narrow: RuleCondition): boolean =>
  holds(wide.kind, narrow.kind) &&
  holds(wide.language, narrow.language) &&
  holds(wide.media, narrow.media) &&
  holds(wide.status ?? ['Actual'], narrow.status ?? ['Actual']) &&
  holdsChoice(wide.topic, narrow.topic) &&
  holdsChoice(wide.district, narrow.district) &&
  (wide.severity === null || (narrow.severity !== null && severities.indexOf(narrow.severity) <= severities.indexOf(wide.severity)))

const holds = (wide: readonly string[] | null, narrow: readonly string[] | null): boolean =>
  wide === null || (narrow?.every((one) => wide.includes(one)) ?? false)

/** A second topic may take an announcement out of a choice that leaves topics out: only such a choice is sure to be within it. */
const holdsChoice = (wide: Choice | null, narrow: Choice | null): boolean => {
  if (wide === null) return true
  if (narrow === null) return false
  if ('not' in wide) return 'not' in narrow && keysOf(wide).every((key) => keysOf(narrow).includes(key))
  return !('not' in narrow) && keysOf(narrow).every((key) => wide.includes(key))
}

const quietWithoutHours = (file: CityFile): readonly Finding[] =>
  [file, ...file.channels].some((one) => one['quiet-hours'] !== undefined)
    ? []
    : file.rules.flatMap(({ name, hold }, index) =>
        [hold].flat().includes('quiet-hours')
          ? {
              code: 'hold-without-quiet-hours',
              path: ['rules', index, 'hold'],
              de: `Die Regel »${name}« wartet auf das Ende einer Ruhezeit, die es nicht gibt; bitte quiet-hours der Stadt angeben.`,
              en: `The rule "${name}" waits for the end of quiet hours that do not exist; give the city quiet-hours.`,
            }
          : [],
      )

const oddHours = (file: CityFile): readonly Finding[] =>
  [
    { quiet: file['quiet-hours'], above: [] },
    ...file.channels.map((channel, index) => ({ quiet: channel['quiet-hours'], above: ['channels', index] })),
  ].flatMap(({ quiet, above }) => (quiet === undefined || quiet === 'none' ? [] : oddAt(quiet, [...above, 'quiet-hours'], file.ars)))

const oddAt = (quiet: NonNullable<CityFile['quiet-hours']>, path: Finding['path'], ars: string): readonly Finding[] => [
  ...[quiet]
    .flat()
    .flatMap(({ from, to }, index) => (from === to ? emptyWindow(to, [...path, ...(Array.isArray(quiet) ? [index] : []), 'to']) : [])),
  ...(isEndless(windowsOf(quiet) ?? [], ars) ? [endless(path)] : []),
]

const emptyWindow = (to: string, path: Finding['path']): Finding => ({
  code: 'empty-quiet-hours',
  path,
  de: `Die Ruhezeit endet um ${to} Uhr, wenn sie beginnt; so gibt es keine. Bitte from und to prüfen; ein ganzer Tag geht von 00:00 bis 24:00.`,
  en: `The quiet hours end at ${to} as they begin. Check from and to; a whole day is from 00:00 to 24:00.`,
})

const endless = (path: Finding['path']): Finding => ({
  code: 'endless-quiet-hours',
  path,
  de: 'Die Ruhezeit hört nie auf; so wartet nichts auf ihr Ende. Bitte an einem Wochentag eine Zeit frei lassen.',
  en: 'The quiet hours never end, so nothing waits for their end. Leave some time of a weekday free.',
})

const severityOfNothing = (file: CityFile): readonly Finding[] =>
  file.rules.flatMap(({ name, when }, index) => {
    const without = [when?.kind].flat().filter((kind) => kind === 'notice' || kind === 'event')
    if (when?.severity === undefined || without.length === 0) return []
    const kinds = without.join(', ')
    return {
      code: 'severity-without-warning',
      path: ['rules', index, 'when', 'severity'],
      de: `Die Regel »${name}« fragt nach der Schwere, die nur Warnungen und Entwarnungen haben; bitte ${kinds} oder severity streichen.`,
      en: `The rule "${name}" asks for a severity, which only warnings and all-clears have; drop ${kinds}, or severity.`,
    }
  })
