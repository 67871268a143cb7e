// What a schema cannot see: whether the parts of a city file fit together. Pure; every finding names its place.

import { keyFindings } from './check-keys.ts'
import { contrast } from './contrast.ts'
import { didYouMean } from './did-you-mean.ts'
import { doors, isDoor } from './doors.ts'
import type { Finding } from './finding.ts'
import { platforms, platformTitle } from './platforms.ts'
import type { ChannelFile, CityFile } from './schema.ts'
import { untitled } from './untitled.ts'

/**
 * Everything in the file that contradicts itself.
 * @param known names of all platforms that exist here: the ones known by name and the connectors'
 */
export const checkCity = (file: CityFile, known: readonly string[]): readonly Finding[] => [
  ...doorKey(file),
  ...doubleNames(file),
  ...unknownPlatforms(file, known),
  ...secondNewsrooms(file),
  ...ruleChannels(file),
  ...fallbacks(file),
  ...keyFindings(file),
  ...spans(file),
  ...withoutEffect(file),
  ...placeholders(file),
  ...untitled(file),
  ...colours(file),
]

/** `ops.yaml` would be a city without a page: the operators' window is there. */
const doorKey = ({ key }: CityFile): readonly Finding[] =>
  isDoor(key)
    ? [
        {
          code: 'key-is-door',
          path: ['key'],
          de: `Unter /${key} liegt ein Teil des Dienstes selbst; bitte einen anderen Schlüssel (und Dateinamen) wählen. Vergeben sind: ${Object.keys(doors).join(', ')}.`,
          en: `A part of the service itself is at /${key}; choose another key (and file name). Taken are: ${Object.keys(doors).join(', ')}.`,
        },
      ]
    : []

const standsTwice = <T>(items: readonly T[], word: (item: T) => string): readonly { readonly index: number; readonly first: number }[] =>
  items.flatMap((item, index) => {
    const first = items.findIndex((other) => word(other) === word(item))
    return first < index ? [{ index, first }] : []
  })

const doubleNames = (file: CityFile): readonly Finding[] => [
  ...standsTwice(file.channels, (channel) => channel.name).map(({ index, first }) => ({
    code: 'duplicate-channel',
    path: ['channels', index, 'name'],
    de: `Der Kanal »${file.channels[index]!.name}« steht schon als ${first + 1}. Kanal da; jeder Name nur einmal.`,
    en: `The channel "${file.channels[index]!.name}" is already channel number ${first + 1}; every name only once.`,
  })),
  ...standsTwice(file.rules, (rule) => rule.name).map(({ index, first }) => ({
    code: 'duplicate-rule',
    path: ['rules', index, 'name'],
    de: `Die Regel »${file.rules[index]!.name}« steht schon als ${first + 1}. Regel da; jeder Name nur einmal.`,
    en: `The rule "${file.rules[index]!.name}" is already rule number ${first + 1}; every name only once.`,
  })),
]

const unknownPlatforms = (file: CityFile, known: readonly string[]): readonly Finding[] =>
  file.channels.flatMap(({ platform }, index) => {
    if (known.includes(platform)) return []
    const meant = didYouMean(platform, known)
    return {
      code: 'unknown-platform',
      path: ['channels', index, 'platform'],
      de: `Die Plattform »${platform}« ist unbekannt.${meant ? ` Meinten Sie »${meant}«?` : ''} Bekannt sind: ${known.join(', ')}.`,
      en: `The platform "${platform}" is unknown.${meant ? ` Did you mean "${meant}"?` : ''} Known are: ${known.join(', ')}.`,
    }
  })

const secondNewsrooms = (file: CityFile): readonly Finding[] =>
  file.channels.flatMap(({ platform }, index) =>
    platform === 'newsroom' && file.channels.findIndex((other) => other.platform === 'newsroom') < index
      ? {
          code: 'second-newsroom',
          path: ['channels', index, 'platform'],
          de: 'Eine Stadt hat nur einen Newsroom; dieser ist der zweite.',
          en: 'A city has only one newsroom; this is the second.',
        }
      : [],
  )

const ruleChannels = (file: CityFile): readonly Finding[] =>
  file.rules.flatMap(({ name, channels }, rule) => {
    if (channels === 'all') return []
    return [channels].flat().flatMap((channel, index) => {
      const path = ['rules', rule, 'channels', ...(typeof channels === 'string' ? [] : [index])]
      return wrongChannel(file, channel, { path, de: `Die Regel »${name}«`, en: `The rule "${name}"` })
    })
  })

interface Naming {
  readonly path: Finding['path']
  /** Who names it, as the subject of a sentence. */
  readonly de: string
  readonly en: string
}

/** A name that leads to no channel, or to one on a platform that no longer exists. */
const wrongChannel = (file: CityFile, name: string, by: Naming): readonly Finding[] => {
  const channel = file.channels.find((one) => one.name === name)
  if (channel === undefined) {
    const names = file.channels.map((one) => one.name)
    const meant = didYouMean(name, names)
    return [
      {
        code: 'missing-channel',
        path: by.path,
        de: `${by.de} nennt den Kanal »${name}«, den es nicht gibt.${meant ? ` Meinten Sie »${meant}«?` : ''} Es gibt: ${names.join(', ')}.`,
        en: `${by.en} names the channel "${name}", which does not exist.${meant ? ` Did you mean "${meant}"?` : ''} There are: ${names.join(', ')}.`,
      },
    ]
  }
  const date = platforms.get(channel.platform)?.discontinued
  if (!date) return []
  const title = platformTitle(channel.platform)
  return [
    {
      code: 'discontinued-platform',
      path: by.path,
      de: `${by.de} nennt den Kanal »${name}«, aber ${title} wurde am ${germanDate(date)} abgeschaltet; dorthin kann nichts gesendet werden.`,
      en: `${by.en} names the channel "${name}", but ${title} was shut down on ${date}; nothing can be sent there.`,
    },
  ]
}

const germanDate = (date: string): string => date.split('-').reverse().map(Number).join('.')

const fallbacks = (file: CityFile): readonly Finding[] =>
  file.channels.flatMap((channel, index) => {
    if (channel.fallback === undefined) return []
    const path = ['channels', index, 'fallback']
    const wrong = wrongChannel(file, channel.fallback, { path, de: `Der Kanal »${channel.name}«`, en: `The channel "${channel.name}"` })
    return wrong.length > 0 ? wrong : wrongFallback(file, channel, path)
  })

const wrongFallback = (file: CityFile, channel: ChannelFile, path: Finding['path']): readonly Finding[] => {
  const chain = chainFrom(file, channel)
  if (chain.at(-1) === channel.name) {
    const way = chain.join(' → ')
    const de = `Der Ersatz führt im Kreis: ${way}. Am Ende muss ein Kanal ohne Ersatz stehen.`
    return [{ code: 'fallback-circle', path, de, en: `The fallback runs in a circle: ${way}. It must end at a channel without one.` }]
  }
  const fallback = file.channels.find((one) => one.name === channel.fallback)
  if (fallback === undefined || !isClosedForGood(fallback)) return []
  const { use } = fallback
  const de = `Der Kanal »${channel.fallback}« ${use === 'left' ? 'ist verlassen' : 'ruht'} und kann nicht einspringen.`
  return [{ code: 'fallback-closed', path, de, en: `The channel "${channel.fallback}" is ${use} and cannot take over.` }]
}

/** The names from `start` along its fallbacks, up to the end or the first name that comes again. */
const chainFrom = (file: CityFile, start: ChannelFile): readonly string[] => {
  const names = [start.name]
  let next = start.fallback
  while (next !== undefined) {
    const seen = names.includes(next)
    names.push(next)
    if (seen) break
    next = file.channels.find((one) => one.name === next)?.fallback
  }
  return names
}

/** A channel that is open and that nothing ever reaches is a mistake, not a wish. */
const withoutEffect = (file: CityFile): readonly Finding[] =>
  file.channels.flatMap((channel, index) => {
    if (isClosedForGood(channel) || platforms.get(channel.platform)?.discontinued) return []
    const standsIn = file.channels.some((other) => other.fallback === channel.name)
    const named = file.rules.some(({ channels }) => channels === 'all' || [channels].flat().includes(channel.name))
    if (standsIn || (named && channel.use !== 'standby')) return []
    const path = ['channels', index, 'name']
    const { name } = channel
    return channel.use === 'standby'
      ? {
          code: 'channel-without-effect',
          path,
          de: `Der Kanal »${name}« steht nur bereit, aber kein Kanal nennt ihn als Ersatz (fallback).`,
          en: `The channel "${name}" only stands by, but no channel names it as its fallback.`,
        }
      : {
          code: 'channel-without-effect',
          path,
          de: `Keine Regel nennt den Kanal »${name}«; er bekäme nie etwas. Soll er ruhen, schreiben Sie use: dormant.`,
          en: `No rule names the channel "${name}"; it would never get anything. If it shall rest, write use: dormant.`,
        }
  })

/** Closed whatever the day is. */
const isClosedForGood = ({ use, from, until }: ChannelFile): boolean =>
  (use === 'dormant' || use === 'left') && from === undefined && until === undefined

const spans = (file: CityFile): readonly Finding[] =>
  file.channels.flatMap(({ from, until }, index) =>
    from === undefined || until === undefined || from <= until
      ? []
      : {
          code: 'until-before-from',
          path: ['channels', index, 'until'],
          de: `Der Kanal gilt bis ${germanDate(until)}, aber erst ab ${germanDate(from)}. Bitte from und until prüfen.`,
          en: `The channel holds until ${until}, but only from ${from}. Check from and until.`,
        },
  )

const known = ['title', 'text', 'link', 'kind', 'expires', 'city']

const placeholders = (file: CityFile): readonly Finding[] =>
  file.channels.flatMap(({ template, templates }, index) => {
    const texts = typeof template === 'string' ? [['', template] as const] : Object.entries(template ?? {})
    const byCondition = (templates ?? []).flatMap(({ text }, at) => wrongWords(text, ['channels', index, 'templates', at, 'text']))
    const plain = texts.flatMap(([kind, text]) => wrongWords(text, ['channels', index, 'template', ...(kind === '' ? [] : [kind])]))
    return [...plain, ...byCondition]
  })

const wrongWords = (text: string, path: Finding['path']): readonly Finding[] => {
  const wrong = [...text.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1]!).filter((word) => !known.includes(word))
  return wrong.map((word) => ({
    code: 'unknown-placeholder',
    path,
    de: `Der Platzhalter {${word}} ist unbekannt. Es gibt: ${known.map((one) => `{${one}}`).join(', ')}.`,
    en: `The placeholder {${word}} is unknown. There are: ${known.map((one) => `{${one}}`).join(', ')}.`,
  }))
}

/** WCAG 2.2, 1.4.3: text needs a contrast of 4.5 to 1. */
const colours = ({ colours }: CityFile): readonly Finding[] => {
  const ratio = colours ? contrast(colours.primary, colours['on-primary']) : 21
  if (ratio >= 4.5) return []
  const en = String(Math.floor(ratio * 100) / 100)
  const de = en.replace('.', ',')
  return [
    {
      code: 'contrast',
      path: ['colours', 'on-primary'],
      de: `Die Schrift hebt sich nur ${de} zu 1 von der Hausfarbe ab; nötig sind 4,5 zu 1 (BITV, WCAG 1.4.3).`,
      en: `The text stands out from the primary colour by only ${en} to 1; 4.5 to 1 is needed (WCAG 1.4.3).`,
    },
  ]
}
