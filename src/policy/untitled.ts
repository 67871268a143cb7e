// Templates in which a warning or an all-clear would show neither what it is nor what it is about.
import type { Finding } from './finding.ts'
import type { ChannelFile, CityFile } from './schema.ts'

const titles = { warning: 'Warnungen', 'all-clear': 'Entwarnungen' } as const
type Grave = keyof typeof titles

/** A finding for each template without `{title}` that warnings or all-clears would get. */
export const untitled = ({ channels }: CityFile): readonly Finding[] =>
  channels.flatMap((channel, index) => [...ofTemplate(channel, index), ...ofTemplates(channel, index)])

const grave = ['warning', 'all-clear'] as const

const ofTemplate = (channel: ChannelFile, index: number): readonly Finding[] => {
  const wanting = grave.filter((kind) => isUntitled(channel, kind))
  const keys = [...new Set(wanting.map((kind) => keyFor(channel, kind)))]
  return keys.map((key) =>
    finding(
      ['channels', index, 'template', ...(typeof channel.template === 'string' ? [] : [key])],
      wanting.filter((kind) => keyFor(channel, kind) === key),
    ),
  )
}

/** Those chosen by a condition: one without a kind is for warnings and all-clears, too. */
const ofTemplates = (channel: ChannelFile, index: number): readonly Finding[] =>
  (channel.templates ?? []).flatMap(({ when, text }, at) => {
    const kinds = grave.filter((kind) => carries(channel, kind) && (when.kind === undefined || [when.kind].flat().includes(kind)))
    return kinds.length === 0 || text.includes('{title}') ? [] : finding(['channels', index, 'templates', at, 'text'], kinds)
  })

const carries = (channel: ChannelFile, kind: Grave): boolean => channel.kind === undefined || [channel.kind].flat().includes(kind)

const templatesOf = ({ template }: ChannelFile): Readonly<Partial<Record<string, string>>> =>
  typeof template === 'string' ? { '*': template } : (template ?? {})

const keyFor = (channel: ChannelFile, kind: Grave): string => (templatesOf(channel)[kind] === undefined ? '*' : kind)

const isUntitled = (channel: ChannelFile, kind: Grave): boolean => {
  const template = templatesOf(channel)[keyFor(channel, kind)]
  return carries(channel, kind) && template !== undefined && !template.includes('{title}')
}

const finding = (path: Finding['path'], kinds: readonly Grave[]): Finding => {
  const own = kinds.map((kind) => String.raw`${kind}: "{title}\n\n{text}\n\n{link}"`)
  return {
    code: 'template-without-title',
    path,
    de: `Diese Vorlage gilt für ${kinds.map((kind) => titles[kind]).join(' und ')}, zeigt aber ihren Titel nicht. Nehmen Sie {title} auf, oder schreiben Sie für sie eine eigene Vorlage: ${own.join(' und ')}.`,
    en: `This template is for the kinds ${kinds.join(' and ')} but does not show their title. Add {title}, or write a template of their own: ${own.join(' and ')}.`,
  }
}
