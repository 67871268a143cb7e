// The tables as Kysely sees them: one interface a table, the same names as in migrations/.
import type { ColumnType, Generated } from 'kysely'
import type { Announcement } from '../announcement/announcement.ts'
import type { Identity, Post } from '../connector/connector.ts'
import type { HeldFor, State } from '../delivery/delivery.ts'
import type { Action, Plan } from '../planning/plan.ts'
import type { Json, MaybeJson, MaybeTime, Time } from './columns.ts'
import type { ApiKeyTable, GuardTable } from './key-tables.ts'
import type { MailingTable, SubscriberTable } from './newsletter-tables.ts'

interface AnnouncementTable {
  id: string
  city: string
  /** The newest revision, from 1. */
  revision: number
  createdAt: Generated<Date>
  createdBy: string
  releasedAt: MaybeTime
  retractedAt: MaybeTime
  /** Number of the revision that is written for something released, and waits to be approved or released. */
  amendment: number | null
}

interface RevisionTable {
  announcementId: string
  number: number
  content: Json<Announcement>
  createdAt: Generated<Date>
  /** Id of the writer's key. */
  createdBy: string
  /** The person of that key at the time of writing. */
  person: string | null
  /** Number of the revision that this one rewrites; null: the one before it. */
  base: number | null
  /** See proof.ts; null: of a version that wrote none. */
  mac: string | null
}

/** The plan that was released for a revision; append-only. */
interface PlanTable {
  id: string
  announcementId: string
  revision: number
  digest: string
  policyDigest: string
  content: Json<Plan>
  createdAt: Generated<Date>
  /** See proof.ts; null: of a version that wrote none. */
  mac: string | null
}

interface ApprovalTable {
  announcementId: string
  revision: number
  digest: string
  actor: string
  person: string | null
  at: Generated<Date>
  /** See proof.ts; null: of a version that wrote none. */
  mac: string | null
}

export interface DeliveryTable {
  /** UUIDv7; the key of every attempt. */
  id: string
  announcementId: string
  revision: number
  city: string
  channel: string
  platform: string
  way: 'urgent' | 'routine'
  action: Action
  /** The delivery whose receipt this one updates, answers or retracts. */
  target: string | null
  /** The announcement that this one's follows (an all-clear its warning): it waits on its channel until that one is settled there. */
  follows: string | null
  post: MaybeJson<Post>
  doubles: 'avoid' | 'tolerate'
  /** The channel that this one took over for. */
  standbyFor: string | null
  /** Order within (announcement, channel): a later one waits until every earlier one is settled. */
  sequence: number
  state: State
  heldFor: HeldFor | null
  /** The question to a person, in German words; set while held. */
  question: string | null
  /** One German sentence: why it is where it is. */
  reason: string | null
  /** Changes with every hand-over to the queue; a job with another turn is stale. */
  turn: number
  /** Changes with every claim; only its holder may settle. */
  fence: number
  /** Database time until which the holder of the fence may act. */
  leaseUntil: MaybeTime
  /** Database time: not before. */
  dueAt: Time
  /** The plan's earliest time, if it named one; `dueAt` moves with every pause, this does not. */
  notBefore: MaybeTime
  expiresAt: MaybeTime
  /** Attempts that counted. */
  attempts: number
  /** When the first attempt began. */
  firstAt: MaybeTime
  /** Attempts that ended unclear. */
  unclears: Generated<number>
  /** Set while nobody knows whether it is there. */
  unclearSince: MaybeTime
  memory: Json<Record<string, string>>
  plannedAt: Generated<Date>
  queuedAt: MaybeTime
  settledAt: MaybeTime
  /** See proof.ts; `spent` (order.ts) once it is settled; null: of a version that wrote none. */
  mac: string | null
}

/** What counts towards a channel's daily maximum: one row a delivery. */
interface DailyPostTable {
  deliveryId: string
  city: string
  channel: string
  /** ISO date, Europe/Berlin. */
  day: string
}

/** What happened in attempts; append-only. */
interface AttemptTable {
  id: Generated<string>
  deliveryId: string
  fence: number
  at: Generated<Date>
  event: 'began' | 'delivered' | 'failed' | 'late' | 'resolved' | 'lease-lost'
  failure: string | null
  /** What a person may read; no secrets. */
  detail: string | null
}

interface OutboxTable {
  id: Generated<string>
  deliveryId: string
  turn: number
  platform: string
  way: 'urgent' | 'routine'
  dueAt: Time
}

interface ReceiptTable {
  deliveryId: string
  /** The platform's id. */
  id: string
  url: string | null
  at: Time
  detail: Json<Record<string, string>>
  retractedAt: MaybeTime
  /** See proof.ts; null: of a version that wrote none. */
  mac: string | null
}

interface AuditTable {
  id: Generated<string>
  at: Time
  actor: string
  action: string
  subject: string
  facts: Json<Record<string, unknown>>
  previousHash: string
  hash: string
}

/** One row: how many entries the audit has had, and the hash of the last; a trigger keeps it. */
interface AuditHeadTable {
  id: number
  entries: string
  hash: string
}

interface IdempotencyTable {
  actor: string
  key: string
  /** SHA-256 of method, path and body. */
  request: string
  /** Null while the first request is in flight. */
  status: number | null
  answer: MaybeJson<object>
  createdAt: Generated<Date>
}

interface ChannelTable {
  city: string
  channel: string
  suspendedAt: MaybeTime
  suspendedBy: string | null
  suspendedBecause: string | null
  /** What the last check learned. */
  identity: MaybeJson<Identity>
  checkedAt: MaybeTime
}

export interface MediaTable {
  /** SHA-256 of the bytes, hex. */
  id: string
  type: string
  /** The whole file; empty where it lies in pieces. */
  bytes: Buffer
  /** Bytes of the whole file; null: as many as `bytes` has. */
  size: number | null
  /** Pixels; null for captions. */
  width: number | null
  height: number | null
  /** Set for videos alone. */
  seconds: number | null
  codec: string | null
  audioCodec: string | null
  /** True for images that show one colour alone. */
  singleColour: Generated<boolean>
  createdAt: Generated<Date>
  createdBy: string
}

/** A large file in its order, each piece of the same length but the last. */
interface MediaPieceTable {
  mediaId: string
  /** From 0. */
  number: number
  bytes: Buffer
}

/** What the house made of a file, or set itself, for platforms that take it otherwise. */
interface DerivedMediaTable {
  /** What was to be made, word for word: the same wish is answered by the same file for ever. */
  derivation: string
  mediaId: string
}

/** For which cities a file may be used. */
interface MediaCityTable {
  mediaId: string
  /** A city's key, or `*`. */
  city: string
}

/** What stands on a city's own page. */
export interface NewsroomTable {
  city: string
  /** The key of the delivery that put it there. */
  key: string
  post: Json<Post>
  publishedAt: Time
  updatedAt: MaybeTime
  retractedAt: MaybeTime
}

/** One row: what Redis must know too; another value there means that Redis forgot or is of yesterday. */
interface QueueMarkTable {
  id: number
  mark: string
}

/** One row while sending rests, none otherwise. */
interface SendingPauseTable {
  id: number
  since: Generated<Date>
  /** One German sentence. */
  because: string
}

/** What a channel keeps between runs, encrypted. */
interface SafeTable {
  city: string
  channel: string
  sealed: Buffer
  changedAt: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface Database {
  announcement: AnnouncementTable
  revision: RevisionTable
  plan: PlanTable
  approval: ApprovalTable
  delivery: DeliveryTable
  dailyPost: DailyPostTable
  attempt: AttemptTable
  outbox: OutboxTable
  receipt: ReceiptTable
  audit: AuditTable
  auditHead: AuditHeadTable
  idempotency: IdempotencyTable
  apiKey: ApiKeyTable
  guard: GuardTable
  channel: ChannelTable
  media: MediaTable
  mediaPiece: MediaPieceTable
  derivedMedia: DerivedMediaTable
  mediaCity: MediaCityTable
  newsroom: NewsroomTable
  queueMark: QueueMarkTable
  sendingPause: SendingPauseTable
  safe: SafeTable
  subscriber: SubscriberTable
  mailing: MailingTable
}
