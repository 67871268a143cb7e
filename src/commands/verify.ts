// Compares what the store believes with what the queue holds and what stands on the platforms, and says exactly where they differ.
import { demand, everyCity } from '../access/actor.ts'
import { type Chain, checkChain } from '../store/audit-chain.ts'
import {
  changedOnes,
  changedReceipts,
  countDeliveries,
  decidedWithoutDelivery,
  deliveredWithoutReceipt,
  type Open,
  openDeliveries,
  type Place,
  reportedTwice,
  settledAndOpen,
} from '../store/verifying.ts'
import { changedOnPages } from '../store/verifying-newsroom.ts'
import { type ChangedWords, changedAnnouncements } from '../store/verifying-words.ts'
import type { Actor, Desk } from './desk.ts'
import { type Checking, type Finding, finding } from './findings.ts'
import { type Blind, lookAtPlatforms } from './look-at-platforms.ts'
import { type SendingView, showSending } from './sending.ts'

export interface Report {
  /** True when there is nothing to report: sending goes on, no finding, the chain whole, nothing that should have been looked at left unseen. */
  readonly ok: boolean
  readonly sending: SendingView['paused']
  /** All that the store knows. */
  readonly deliveries: number
  readonly findings: readonly Finding[]
  /** How many posts were looked at where they stand. */
  readonly looked: number
  /** Where nobody could look, and why. */
  readonly blind: readonly Blind[]
  readonly queue: 'reached' | 'away'
  readonly audit: { readonly entries: number; readonly broken: string | null }
}

/** Due for so long, a delivery should have been taken or handed over again. Seconds. */
const lostAfter = 30
const overdueAfter = 60

/** @param days how far back posts are looked at on the platforms. Refuses with `not-allowed`. */
export const verify = async (desk: Desk, actor: Actor, checking: Checking, days: number): Promise<Report> => {
  demand(actor, 'operate', everyCity)
  const { db } = desk
  const [{ paused }, open, chain, deliveries] = [
    await showSending(desk),
    await openDeliveries(db),
    await checkChain(db),
    await countDeliveries(db),
  ]
  const missing = paused === null ? await missingIn(checking, open) : new Set<string>()
  const changed = await changedOnes(db, desk.proof, open)
  const looked = await lookAtPlatforms(desk, checking, { open, days })
  const found = [
    ...(await decidedWithoutDelivery(db)).map((place) =>
      finding('lost', place, 'Der Sendeplan wollte hier senden, und es gibt keine Zustellung.'),
    ),
    ...open.filter(({ id }) => changed.has(id)).map((one) => finding('changed', one, one.reopened ? reopenedWords : changedWords)),
    ...(await settledAndOpen(db)).map((place) => finding('changed', place, reopenedWords)),
    ...(await changedReceipts(db, desk.proof, { days })).map((place) => finding('changed', place, changedReceiptWords)),
    ...(await changedOnPages(db)).map((place) => finding('changed', place, changedPageWords)),
    ...(await changedAnnouncements(db, desk.proof)).map((one) => finding('changed', placeOf(one), wordsOf(one))),
    ...open.filter(({ id }) => !changed.has(id)).flatMap((one) => standingOf(one, missing, paused !== null, looked.words.get(one.id))),
    ...(await deliveredWithoutReceipt(db)).map((place) => finding('unknown', place, 'Als zugestellt vermerkt, aber kein Beleg liegt vor.')),
    ...(await reportedTwice(db)).map((place) =>
      finding('doubled', place, `Ein verspäteter Versuch meldete einen zweiten Beitrag: ${place.second}`),
    ),
    ...looked.findings,
  ]
  const broken = damageWords(chain)
  const unseen = looked.blind.some(({ failed }) => failed)
  return {
    ok: paused === null && found.length === 0 && broken === null && missing !== null && !unseen,
    sending: paused,
    deliveries,
    findings: found,
    looked: looked.looked,
    blind: looked.blind,
    queue: missing === null ? 'away' : 'reached',
    audit: { entries: chain.entries, broken },
  }
}

const changedWords =
  'Was hier gesendet würde, ist nicht, was veröffentlicht wurde: Jemand hat die Datenbank geändert. Es wird nicht gesendet.'
const reopenedWords = 'Dies war abgeschlossen und wurde in der Datenbank wieder geöffnet. Es wird nicht noch einmal gesendet.'
const changedPageWords = 'Auf der Seite der Stadt steht hier etwas anderes, als Rundruf zugestellt hat: Jemand hat die Datenbank geändert.'
const changedReceiptWords = 'Der Beleg ist nicht der, den Rundruf geschrieben hat: Jemand hat die Datenbank geändert.'

/** No channel's: what is changed is the announcement itself. */
const placeOf = ({ announcementId, city }: ChangedWords): Place => ({ id: announcementId, announcementId, city, channel: '', platform: '' })

const wordsOf = ({ what, revision }: ChangedWords): string => {
  switch (what) {
    case 'revision':
      return `Fassung ${revision} ist nicht die, die hier geschrieben wurde: Jemand hat die Datenbank geändert. Sie wird nicht veröffentlicht.`
    case 'approval':
      return `Eine Freigabe der Fassung ${revision} ist nicht von Rundruf: Jemand hat die Datenbank geändert. Sie gilt nicht.`
    case 'release':
      return 'Ob und in welcher Fassung dies veröffentlicht ist, wurde in der Datenbank geändert. Bis zur Klärung lässt es sich nur zurücknehmen.'
  }
}

/** Null: the queue cannot be asked. */
const missingIn = async (checking: Checking, open: readonly Open[]): Promise<ReadonlySet<string> | null> => {
  const queued = open.filter(
    ({ state, handedOver, lateSeconds }) => ['queued', 'waiting', 'looking'].includes(state) && !handedOver && lateSeconds > lostAfter,
  )
  try {
    return new Set(await checking.missing(queued))
  } catch {
    return null
  }
}

/** While sending rests nothing is late. */
const standingOf = (one: Open, missing: ReadonlySet<string> | null, paused: boolean, seen = ''): readonly Finding[] => {
  const also = seen === '' ? '' : ` ${seen}`
  if (one.state === 'held') return [finding('held', one, `${one.question ?? one.reason ?? ''}${also}`)]
  if (one.unclear) return [finding('unknown', one, `${one.reason ?? 'Es ist ungeklärt, ob der Beitrag dort steht.'}${also}`)]
  if (missing?.has(one.id)) return [finding('lost', one, 'Fällig, aber weder im Ausgang noch in der Warteschlange.')]
  const late = Math.round(one.lateSeconds)
  if (paused || one.behind || late <= overdueAfter) return []
  return [finding('overdue', one, `Seit ${late} Sekunden fällig${one.reason === null ? '.' : `: ${one.reason}`}`)]
}

const damageWords = ({ broken }: Chain): string | null => {
  if (broken === null) return null
  const { id, damage } = broken
  if (id === null) return 'Am Ende des Protokolls fehlt mindestens ein Eintrag.'
  switch (damage) {
    case 'changed':
      return `Eintrag ${id} des Protokolls wurde verändert.`
    case 'gap':
      return `Vor Eintrag ${id} des Protokolls fehlt mindestens ein Eintrag.`
    case 'moved':
      return `Eintrag ${id} des Protokolls steht nicht an seinem Platz.`
    case 'slipped-in':
      return `Eintrag ${id} des Protokolls wurde eingeschoben.`
  }
}
