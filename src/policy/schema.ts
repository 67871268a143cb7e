// The city file as a person writes it in YAML: its schema (also the one that editors read) and its way into a `City`.
import { z } from 'zod'
import { kinds, severities, statuses } from '../announcement/announcement.ts'
import { platforms } from './platforms.ts'
import { type Channel, type Choice, type City, type QuietHours, type Rule, type RuleCondition, weekdays } from './policy.ts'

/** What a channel is for at all, as written in the file. */
export const uses = ['all', 'emergency-only', 'dormant', 'left', 'standby'] as const
const holds = ['approval', 'approval-after-release', 'quiet-hours'] as const

const name = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
const line = z.string().trim().min(1).max(300)
const language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
const address = z.url({ protocol: /^https?$/ })
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const dayOfYear = z
  .string()
  .regex(/^\d\d-\d\d$/)
  .refine((day) => z.iso.date().safeParse(`2028-${day}`).success)
const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/)

/** One value or a list of them: `kind: warning` is `kind: [warning]`. */
const oneOrMore = <T extends z.ZodType>(value: T) => z.union([value, z.array(value).min(1)])

/** A day of the week, a public holiday, one day of every year, one day alone. */
const day = z.union([z.enum([...weekdays, 'holiday']), dayOfYear, z.iso.date()])

/** `{ from: "22:00", to: "06:00" }`, or a list of such windows, each on its days. */
const hours = oneOrMore(
  z.strictObject({
    on: oneOrMore(day).optional().meta({
      title: 'Tage',
      description:
        'An welchen Tagen sie beginnt: mon, tue, wed, thu, fri, sat, sun, holiday (Feiertag im Land der Stadt), 12-24 (jedes Jahr), 2028-06-17; ohne Angabe jeden Tag. Eine Nacht gehört zu dem Tag, an dem sie beginnt.',
    }),
    from: time.meta({ title: 'Von', description: 'Ortszeit; from nach to geht über Mitternacht.' }),
    to: z.union([time, z.literal('24:00')]).meta({ title: 'Bis', description: 'Ortszeit, bis 24:00.' }),
  }),
)

/** `culture`, `[culture, none]`, `{ not: [politics] }`. */
const choice = z.union([name, z.array(name).min(1), z.strictObject({ not: oneOrMore(name) })])

const topic = choice.meta({
  title: 'Thema',
  description:
    'Ein Thema der Stadt (topics) oder eine Liste davon; { not: [politics] }: alles außer diesen. none steht für Meldungen ohne Thema.',
})
const topics = z.record(name, line).meta({
  title: 'Themen',
  description: 'Worum es in Meldungen gehen kann: Schlüssel und Titel, wie ihn Menschen lesen. Andere Themen werden abgelehnt.',
  examples: [{ politics: 'Stadtpolitik', culture: 'Kultur' }],
})
const district = choice.meta({
  title: 'Gebiet',
  description:
    'Ein Gebiet der Stadt (districts) oder eine Liste davon; { not: [beuel] }: alle außer diesen. none steht für Meldungen ohne Gebiet. Warnungen ohne Gebiet gelten überall.',
})
const districts = z.record(name, line).meta({
  title: 'Gebiete',
  description: 'Stadtteile, Ortsteile oder Gemeinden: Schlüssel und Titel, wie ihn Menschen lesen. Andere Gebiete werden abgelehnt.',
  examples: [{ beuel: 'Beuel', 'bad-godesberg': 'Bad Godesberg' }],
})
const kind = oneOrMore(z.enum(kinds)).meta({
  title: 'Art der Meldung',
  description: 'warning (Warnung), all-clear (Entwarnung), notice (Mitteilung), event (Termin); eine oder eine Liste.',
})

const condition = z.strictObject({
  kind: kind.optional(),
  topic: topic.optional(),
  district: district.optional(),
  severity: z.enum(severities).optional().meta({ title: 'Schwere', description: 'Mindestens so schwer.' }),
  status: oneOrMore(z.enum(statuses)).optional().meta({
    title: 'Status',
    description: 'Actual (Ernstfall), Exercise (Übung), Test; ohne Angabe nur der Ernstfall.',
    default: 'Actual',
  }),
  language: oneOrMore(language).optional().meta({ title: 'Sprache', description: 'Sprache der Meldung.' }),
  media: oneOrMore(z.enum(['image', 'video', 'none']))
    .optional()
    .meta({ title: 'Anhang', description: 'Was beiliegt: image (Bild), video, none (nichts); eines davon genügt.' }),
})

const span = {
  from: z.iso.date().optional().meta({
    title: 'Ab',
    description:
      'Ab diesem Tag gilt use: { use: left, from: 2027-01-01 } ist bis Silvester offen; ein Kanal ohne use beginnt an diesem Tag.',
  }),
  until: z.iso.date().optional().meta({
    title: 'Bis',
    description: 'Bis einschließlich dieses Tages gilt use; danach ist der Kanal offen, einer ohne use geschlossen.',
  }),
}

const channelFile = z
  .strictObject({
    name: name.meta({ title: 'Name', description: 'Eindeutig in der Stadt und dauerhaft: Belege hängen daran.' }),
    platform: name.meta({ title: 'Plattform', description: 'Die Plattform des Kanals.', examples: [...platforms.keys()] }),
    title: line.optional().meta({ title: 'Anzeigename', description: 'Wie der Kanal öffentlich heißt, zum Beispiel @BundesstadtBonn.' }),
    url: address.optional().meta({ title: 'Adresse', description: 'Die öffentliche Seite des Kanals.' }),
    use: z.enum(uses).optional().meta({
      title: 'Wofür',
      description:
        'all: alles, was die Regeln hierher geben. emergency-only: nur schwere und extreme Warnungen im Ernstfall. dormant: ruht. left: verlassen. standby: nur als Ersatz für einen anderen Kanal.',
      default: 'all',
    }),
    since: z.iso.date().optional().meta({ title: 'Seit', description: 'Der Tag, seit dem das gilt: 2025-02-14.' }),
    ...span,
    because: line
      .optional()
      .meta({ title: 'Begründung', description: 'Ein Satz der Stadt; steht im Sendeplan und auf der Newsroom-Seite.' }),
    kind: kind.optional(),
    topic: topic.optional(),
    district: district.optional(),
    by: z.enum(['program', 'hand']).optional().meta({
      title: 'Durch wen',
      description:
        'program: Rundruf veröffentlicht. hand: ein Mensch veröffentlicht; Rundruf legt Text und Bilder bereit und wartet auf die Adresse des Beitrags.',
      default: 'program',
    }),
    language: language.optional().meta({ title: 'Sprache', description: 'Welche Sprachfassung hierher geht: de, en, de-DE.' }),
    template: z
      .union([z.string().min(1), z.partialRecord(z.enum([...kinds, '*']), z.string().min(1))])
      .optional()
      .meta({
        title: 'Wortlaut',
        description: 'Vorlage mit {title}, {text}, {link}, {kind}, {expires}, {city}; eine für alles oder je Art (* für den Rest).',
      }),
    templates: z
      .array(z.strictObject({ when: condition, text: z.string().min(1) }))
      .min(1)
      .optional()
      .meta({
        title: 'Wortlaute nach Bedingung',
        description: 'Vorlagen nach Schwere, Thema und was sonst unter when steht; die erste, die passt, sonst template.',
      }),
    fallback: name
      .optional()
      .meta({ title: 'Ersatz', description: 'Der Kanal, der einspringt, wenn dieser gesperrt ist oder aufgegeben hat.' }),
    'quiet-hours': z
      .union([hours, z.literal('none')])
      .optional()
      .meta({
        title: 'Ruhezeit des Kanals',
        description: 'Statt der Ruhezeit der Stadt; none: keine. Es warten nur Regeln mit hold: quiet-hours.',
      }),
    'delay-minutes': z.int().min(1).max(1440).optional().meta({
      title: 'Verzögerung',
      description: 'Erst der Newsroom: so viele Minuten danach. Warnungen und Berichtigungen warten nicht.',
    }),
    pace: z
      .strictObject({ actions: z.int().positive(), 'per-seconds': z.int().positive() })
      .optional()
      .meta({ title: 'Tempo', description: 'Höchstens so viele Beiträge in so vielen Sekunden.' }),
    'per-day': z.int().positive().optional().meta({
      title: 'Höchstens am Tag',
      description:
        'So viele neue Mitteilungen und Termine an einem Kalendertag; die nächste folgt am Tag darauf, nach der Ruhezeit. Warnungen, Entwarnungen, Berichtigungen und Rücknahmen zählen nicht und warten nicht.',
    }),
    settings: z.record(z.string(), z.unknown()).optional().meta({
      title: 'Einstellungen',
      description: 'Was der Konnektor braucht. Zugangsdaten nur als Verweis: env:NAME oder file:PFAD.',
    }),
  })
  .meta({ title: 'Kanal', description: 'Ein Konto der Stadt auf einer Plattform.' })

const ruleFile = z
  .strictObject({
    name: line.meta({ title: 'Name', description: 'Wie die Regel im Sendeplan heißt.' }),
    when: condition.optional().meta({ title: 'Wann', description: 'Alles Genannte muss zutreffen; was fehlt, ist gleich.' }),
    channels: z
      .union([z.literal('all'), name, z.array(name).min(1)])
      .meta({ title: 'Kanäle', description: 'all oder die Namen der Kanäle.' }),
    hold: oneOrMore(z.enum(holds)).optional().meta({
      title: 'Warten auf',
      description:
        'approval: Freigabe durch eine zweite Person. approval-after-release: Freigabe auch für Entwarnung und Berichtigung einer Warnung (schließt approval ein). quiet-hours: Ende der Ruhezeit.',
    }),
    doubles: z.enum(['avoid', 'tolerate']).optional().meta({
      title: 'Doppelte Beiträge',
      description: 'tolerate: lieber doppelt als gar nicht (für schwere Warnungen).',
      default: 'avoid',
    }),
  })
  .meta({ title: 'Regel', description: 'Von oben nach unten gelesen; die erste, die passt, entscheidet für ihre Kanäle.' })

/** The whole file. Strict: a key that is not here is an error. */
export const cityFile = z
  .strictObject({
    city: line.meta({ title: 'Name der Stadt', description: 'Wie Menschen sie nennen.' }),
    key: name.meta({ title: 'Schlüssel', description: 'Gleich dem Dateinamen; steht in Adressen und Befehlen.' }),
    ars: z
      .string()
      .regex(/^(0[1-9]|1[0-6])\d{10}$/)
      .meta({ title: 'Amtlicher Regionalschlüssel', description: '12 Ziffern in Anführungszeichen.', examples: ['053140000000'] }),
    website: address.optional().meta({ title: 'Website', description: 'Die Startseite der Stadt.' }),
    colours: z
      .strictObject({ primary: colour, 'on-primary': colour })
      .optional()
      .meta({ title: 'Farben', description: 'Hausfarbe und Schrift darauf, als #rrggbb.' }),
    'quiet-hours': hours.optional().meta({
      title: 'Ruhezeit',
      description:
        'Ortszeit; from nach to geht über Mitternacht. Mehrere Fenster als Liste, jedes mit seinen Tagen (on); es ist still, wenn eines davon es sagt.',
    }),
    emergency: z.enum(severities).optional().meta({
      title: 'Schwelle des Notfalls',
      description: 'Ab dieser Schwere geht eine Warnung auf Kanäle mit use: emergency-only.',
      default: 'Severe',
    }),
    topics: topics.optional(),
    districts: districts.optional(),
    channels: z.array(channelFile).min(1).meta({ title: 'Kanäle', description: 'Alle Kanäle der Stadt, auch ruhende und verlassene.' }),
    rules: z.array(ruleFile).min(1).meta({ title: 'Regeln', description: 'Was wohin geht.' }),
  })
  .meta({ title: 'Kanalregelung einer Stadt', description: 'Welche Kanäle die Stadt hat und was wohin geht.' })

export type CityFile = z.infer<typeof cityFile>
export type ChannelFile = CityFile['channels'][number]
type RuleFile = CityFile['rules'][number]

/** Shown where a city names none: a quiet blue, white on it. */
const usualColours = { primary: '#1b4f7f', onPrimary: '#ffffff' }

/** The policy that a checked file says; every short form is spelled out. */
export const toCity = (file: CityFile): City => ({
  key: file.key,
  city: file.city,
  ars: file.ars,
  website: file.website ?? null,
  colours: file.colours ? { primary: file.colours.primary, onPrimary: file.colours['on-primary'] } : usualColours,
  quietHours: windowsOf(file['quiet-hours']),
  emergency: file.emergency ?? 'Severe',
  topics: file.topics ?? {},
  districts: file.districts ?? {},
  channels: file.channels.map(toChannel),
  rules: file.rules.map(toRule),
})

const toChannel = (file: ChannelFile): Channel => ({
  name: file.name,
  platform: file.platform,
  title: file.title ?? null,
  url: file.url ?? null,
  use: file.use ?? 'all',
  since: file.since ?? null,
  from: file.from ?? null,
  until: file.until ?? null,
  because: file.because ?? null,
  kinds: listOf(file.kind),
  topics: choiceOf(file.topic),
  districts: choiceOf(file.district),
  by: file.by ?? 'program',
  language: file.language ?? null,
  template: typeof file.template === 'string' ? { '*': file.template } : templateOf(file.template),
  templates: (file.templates ?? []).map(({ when, text }) => ({ when: toCondition(when), text })),
  fallback: file.fallback ?? null,
  quietHours: file['quiet-hours'] === 'none' ? 'none' : windowsOf(file['quiet-hours']),
  delayMinutes: file['delay-minutes'] ?? 0,
  pace: file.pace ? { actions: file.pace.actions, perSeconds: file.pace['per-seconds'] } : null,
  perDay: file['per-day'] ?? null,
  settings: file.settings ?? {},
})

/** What a file's `quiet-hours` says, every short form spelled out; null: nothing. */
export const windowsOf = (value: z.infer<typeof hours> | undefined): QuietHours | null =>
  listOf(value)?.map(({ on, from, to }) => ({ from, to, on: listOf(on) })) ?? null

const toCondition = (when: z.infer<typeof condition>): RuleCondition => ({
  kind: listOf(when.kind),
  topic: choiceOf(when.topic),
  district: choiceOf(when.district),
  severity: when.severity ?? null,
  status: listOf(when.status),
  language: listOf(when.language),
  media: listOf(when.media),
})

const toRule = (file: RuleFile): Rule => ({
  name: file.name,
  when: toCondition(file.when ?? {}),
  channels: file.channels === 'all' ? 'all' : (listOf(file.channels) ?? []),
  hold: holdOf(listOf(file.hold) ?? []),
  doubles: file.doubles ?? 'avoid',
})

const holdOf = (hold: Rule['hold']): Rule['hold'] =>
  hold.includes('approval-after-release') && !hold.includes('approval') ? ['approval', ...hold] : hold

/** What a file's `topic` says, in one form; null: nothing. */
export const choiceOf = (value: z.infer<typeof choice> | undefined): Choice | null =>
  typeof value === 'object' && 'not' in value ? { not: listOf(value.not) ?? [] } : listOf(value)

const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] | null =>
  value === undefined ? null : Array.isArray(value) ? value : [value as T]

const templateOf = (file: Exclude<ChannelFile['template'], string>): Channel['template'] =>
  file === undefined ? null : (file as NonNullable<Channel['template']>)
