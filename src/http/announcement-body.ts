// What an announcement looks like when it arrives; commands read it themselves and name every fault.
import { z } from 'zod'
import { Refusal } from '../announcement/refusal.ts'
import { shape } from '../announcement/shape.ts'
import { readByTheCommand } from './validation.ts'

const example = {
  city: 'bonn',
  kind: 'notice',
  title: 'Freibad öffnet am Samstag',
  text: 'Das Freibad am Rhein öffnet am Samstag um 9 Uhr.',
  link: 'https://www.bonn.de/freibad',
}

const fields = shape.extend({
  media: z
    .array(
      z.strictObject({
        id: z.string(),
        alt: z.string().nullish(),
        decorative: z.boolean().nullish(),
        captions: z.array(z.strictObject({ id: z.string(), language: z.string() })).optional(),
      }),
    )
    .nullish()
    .meta({
      description:
        'Bilder und höchstens ein Video, vorher mit POST /media gebracht; alt ist Pflicht, außer bei Bildern mit decorative: true, die nur schmücken / kept before; alt is required, but for images with decorative: true, which only decorate',
    }),
})

export const announcementBody = readByTheCommand(
  fields.meta({
    id: 'WrittenAnnouncement',
    description: 'Meldung, wie sie geschrieben wird. Times: 2026-03-14T18:00 (German time) or with an offset.',
    examples: [example],
  }),
)

export const newAnnouncementBody = readByTheCommand(
  fields
    .extend({ release: z.boolean().optional().meta({ description: 'Gleich veröffentlichen / release at once' }) })
    .meta({ id: 'NewAnnouncement', examples: [{ ...example, release: true }] }),
)

const changes = fields.partial()

export const amendmentBody = readByTheCommand(
  changes
    .extend({
      release: z.boolean().optional().meta({
        description:
          'Bei Veröffentlichtem: ohne Angabe geht eine Berichtigung gleich hinaus, und was mehr ist (höhere Schwere, anderes Thema, neue Empfänger) oder eine Freigabe braucht, wartet; true: gleich hinaus; false: wartet / of something released: absent: a correction goes out at once, and what is more than one, or needs an approval, waits; true: goes out now; false: waits',
      }),
    })
    .meta({
      id: 'Amendment',
      description: 'Nur was sich ändert / only what changes',
      examples: [{ text: 'Das Freibad öffnet erst um 10 Uhr.' }],
    }),
)

export const changesBody = readByTheCommand(
  changes.nullish().meta({ id: 'Changes', description: 'Änderungen, die noch niemand gespeichert hat / changes that are not stored yet' }),
)

/** Takes `release` out of the body; everything else is the command's business. */
export const splitRelease = (body: unknown): { readonly input: unknown; readonly release?: boolean } => {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || !('release' in body)) return { input: body }
  const { release, ...input } = body
  if (typeof release === 'boolean') return { input, release }
  throw new Refusal({
    code: 'wrong-type',
    de: 'Das Feld „release“ ist true oder false.',
    en: 'The field “release” is true or false.',
    place: 'release',
  })
}
