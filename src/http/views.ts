// The shapes of answers: what is not named here does not leave the house.
import { z } from 'zod'
import { certainties, kinds, severities, statuses, urgencies } from '../announcement/announcement.ts'
import type { ChannelView } from '../commands/channels.ts'
import type { ChannelCheck } from '../commands/check-channel.ts'
import type { ChannelInsights, PostReactions } from '../commands/insights.ts'
import type { AnnouncementDetail, AnnouncementView } from '../commands/view.ts'
import { announcementStates, onItsWay, settled } from '../delivery/delivery.ts'
import type { Plan } from '../planning/plan.ts'
import { becauses } from '../policy/decision.ts'

const time = z.string().meta({ format: 'date-time', description: 'ISO 8601, UTC' })
const id = z.string().meta({ format: 'uuid' })
const list = <T extends z.ZodType>(of: T) => z.array(of).readonly()
const texts = z.record(z.string(), z.string()).readonly()

const image = z.object({ id: z.string(), type: z.string(), size: z.number(), width: z.number(), height: z.number(), alt: z.string() })

const captions = z.object({ id: z.string(), size: z.number(), language: z.string() })

const medium = image
  .extend({
    decorative: z.literal(true).optional().meta({ description: 'Schmückt nur / only decorates' }),
    singleColour: z.literal(true).optional().meta({ description: 'Zeigt nur eine Farbe / shows a single colour' }),
    seconds: z.number().optional().meta({ description: 'Set for videos' }),
    codec: z.string().optional(),
    audioCodec: z.string().nullable().optional(),
    captions: list(captions.extend({ type: z.string() }).readonly()).optional(),
  })
  .readonly()

const video = image.extend({ seconds: z.number(), captions: list(captions.readonly()) })

const announcementShape = z
  .object({
    city: z.string(),
    kind: z.enum(kinds),
    title: z.string(),
    text: z.string(),
    link: z.string().nullable(),
    topics: list(z.string()),
    topic: z.string().nullable().meta({ description: 'Das erste von topics / the first of topics' }),
    districts: list(z.string()).meta({ description: 'Gebiete; leer: die ganze Stadt / areas; empty: the whole city' }),
    severity: z.enum(severities).nullable(),
    urgency: z.enum(urgencies).nullable(),
    certainty: z.enum(certainties).nullable(),
    status: z.enum(statuses),
    language: z.string(),
    variants: z.record(z.string(), z.object({ title: z.string(), text: z.string() }).readonly()).readonly(),
    channelTexts: texts,
    media: list(medium),
    expires: time.nullable(),
    publishAt: time.nullable(),
    references: id.nullable(),
  })
  .readonly()
  .meta({ id: 'Announcement', description: 'Meldung: what the city says; texts in NFC, times in UTC' })

const actions = z.enum(['publish', 'update', 'reply', 'retract'])

const post = z
  .object({
    text: z.string().meta({ description: 'Byte for byte what is sent' }),
    title: z.string(),
    link: z.string().nullable(),
    language: z.string(),
    images: list(image.readonly()),
    video: video.readonly().optional(),
    kind: z.enum(kinds),
    severity: z.enum(severities).nullable(),
    status: z.enum(statuses),
    expires: time.nullable(),
    length: z.number().meta({ description: 'What the text measures in the platform’s own unit' }),
    max: z.number().meta({ description: 'The most it may measure there' }),
    cost: z
      .object({ amount: z.number(), currency: z.enum(['USD', 'EUR']) })
      .readonly()
      .optional()
      .meta({ description: 'Was die Plattform dafür berechnet / what the platform charges' }),
    unfit: list(z.object({ id: z.string(), reason: z.string() }).readonly())
      .optional()
      .meta({ description: 'Dateien der Meldung, die diese Plattform nicht nimmt / files that this platform does not take' }),
  })
  .readonly()
  .meta({ id: 'Post', description: 'Beitrag: what a reader of this platform will see' })

const decisionShape = z
  .object({
    channel: z.string(),
    platform: z.string(),
    verdict: z.enum(['send', 'wait', 'omit']),
    because: z.enum(becauses),
    reason: z.string().meta({ description: 'Begründung in einem deutschen Satz', example: 'Die Stadt nutzt X nur noch im Notfall.' }),
    rule: z.string().nullable(),
    notBefore: time.nullable(),
    doubles: z.enum(['avoid', 'tolerate']),
    way: z.enum(['urgent', 'routine']),
    standbyFor: z.string().nullable(),
    action: actions.nullable(),
    target: id.nullable(),
    post: post.nullable(),
  })
  .readonly()
  .meta({ id: 'Decision', description: 'Entscheidung: what becomes of it on one channel, and why' })

export const planShape = z
  .object({
    city: z.string(),
    digest: z.string().meta({ description: 'Prüfsumme: approval is given to it' }),
    policyDigest: z.string(),
    needsApproval: z.boolean(),
    announcement: announcementShape,
    decisions: list(decisionShape),
  })
  .readonly()
  .meta({ id: 'Plan', description: 'Sendeplan: one decision for every channel of the city, also for those left out' })

const delivery = z.object({
  id,
  channel: z.string(),
  platform: z.string(),
  action: actions,
  state: z.enum([...onItsWay, ...settled]),
  attempts: z.number(),
  receipt: z.object({ id: z.string(), url: z.string().nullable(), at: time, note: z.string().optional() }).readonly().nullable(),
  question: z.string().nullable().meta({ description: 'Set while the delivery waits for a person' }),
  task: z
    .object({
      text: z.string().nullable(),
      link: z.string().nullable(),
      media: list(z.object({ path: z.string(), alt: z.string() }).readonly()),
      at: z.string().nullable(),
    })
    .readonly()
    .nullable()
    .meta({ description: 'Was ein Mensch von Hand tun soll / what a person is to do by hand' }),
  reason: z.string().nullable(),
  revision: z.number(),
  dueAt: time,
  milliseconds: z.number().nullable(),
})

const attempt = z.object({ at: time, event: z.string(), failure: z.string().nullable(), detail: z.string().nullable() }).readonly()

/** How an announcement may stand: a filter of the list. */
export const stateShape = z.enum(announcementStates)

const announced = z.object({
  id,
  city: z.string(),
  state: stateShape,
  revision: z.number(),
  announcement: announcementShape,
  createdAt: time,
  releasedAt: time.nullable(),
  retractedAt: time.nullable(),
  amendment: z
    .object({ revision: z.number(), announcement: announcementShape, writtenAt: time })
    .readonly()
    .nullable()
    .meta({ description: 'Berichtigung, die auf Freigabe oder Veröffentlichung wartet / an amendment that waits' }),
  decisions: list(decisionShape),
})

export const viewShape = announced
  .extend({ deliveries: list(delivery.readonly()) })
  .readonly()
  .meta({ id: 'AnnouncementView', description: 'Meldung mit ihren Zustellungen' })

export const detailShape = announced
  .extend({ deliveries: list(delivery.extend({ history: list(attempt) }).readonly()) })
  .readonly()
  .meta({ id: 'AnnouncementDetail', description: 'The same with the history of every attempt' })

const channel = z.object({
  city: z.string(),
  name: z.string(),
  platform: z.string(),
  title: z.string().nullable(),
  url: z.string().nullable(),
  use: z.enum(['all', 'emergency-only', 'dormant', 'left', 'standby']),
  by: z.enum(['program', 'hand']).meta({ description: 'Wer dort veröffentlicht / who publishes there' }),
  since: z.string().nullable(),
  because: z.string().nullable(),
  suspended: z.object({ at: time, by: z.string(), because: z.string() }).readonly().nullable(),
  identity: z.object({ account: z.string(), url: z.string().nullable(), until: time.nullable() }).readonly().nullable(),
  checkedAt: time.nullable(),
})

export const channelShape = channel.readonly().meta({ id: 'Channel', description: 'Kanal: one account of one city on one platform' })

export const checkShape = channel
  .extend({ works: z.boolean(), problem: z.string().nullable().meta({ description: 'Was nicht stimmt, auf Deutsch' }) })
  .readonly()
  .meta({ id: 'ChannelCheck' })

const problem = z.string().nullable().meta({ description: 'Warum es keine Zahlen gibt, auf Deutsch' })

export const insightsShape = z
  .object({
    city: z.string(),
    channel: z.string(),
    platform: z.string(),
    insights: z.object({ followers: z.number() }).readonly().nullable(),
    problem,
  })
  .readonly()
  .meta({ id: 'ChannelInsights', description: 'Resonanz eines Kanals' })

const count = z.number().optional()

export const reactionsShape = z
  .object({
    delivery: id,
    channel: z.string(),
    platform: z.string(),
    url: z.string().nullable(),
    reactions: z.object({ likes: count, replies: count, shares: count, views: count }).readonly().nullable(),
    problem,
  })
  .readonly()
  .meta({ id: 'PostReactions', description: 'Resonanz eines Beitrags' })

/** Fails to compile when an answer's schema lags behind what the commands give. */
type Fits<Schema extends z.ZodType, View extends z.infer<Schema>> = View
export type Checked = [
  Fits<typeof planShape, Plan>,
  Fits<typeof viewShape, AnnouncementView>,
  Fits<typeof detailShape, AnnouncementDetail>,
  Fits<typeof channelShape, ChannelView>,
  Fits<typeof checkShape, ChannelCheck>,
  Fits<typeof insightsShape, ChannelInsights>,
  Fits<typeof reactionsShape, PostReactions>,
]
