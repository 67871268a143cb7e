// Templates in which a warning or an all-clear would show neither what it is nor what it is about.
import type { Finding } from './checks.ts'
import type { ChannelFile, CityFile } from './schema.ts'

const titles = { warning: 'Warnungen', 'all-clear': 'Entwarnungen' } as const
type Grave = keyof typeof titles

/** A finding for each template without `{title}` that warnings or all-clears would get. */
export const untitled = ({ channels }: CityFile): readonly Finding[] =>
  channels.flatMap((channel, index) => {
    const wanting = (['warning', 'all-clear'] as const).filter((kind) => isUntitled(channel, kind))
    const keys = [...new Set(wanting.map((kind) => keyFor(channel, kind)))]
    return keys.map((key) =>
      finding(
        ['channels', index, 'template', ...(typeof channel.template === 'string' ? [] : [key])],
        wanting.filter((kind) => keyFor(channel, kind) === key),
      ),
    )
  })

const templatesOf = ({ template }: ChannelFile): Readonly<Partial<Record<string, string>>> =>
  typeof template === 'string' ? { '*': template } : (template ?? {})

const keyFor = (channel: ChannelFile, kind: Grave): string => (templatesOf(channel)[kind] === undefined ? '*' : kind)

const isUntitled = (channel: ChannelFile, kind: Grave): boolean => {
  const template = templatesOf(channel)[keyFor(channel, kind)]
  const carries = channel.kind === undefined || [channel.kind].flat().includes(kind)
  return carries && template !== undefined && !template.includes('{title}')
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
