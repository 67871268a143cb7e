// One announcement as a person reads it: what it says, what became of it on every channel, and what to do next. Pure.
import type { AnnouncementView, DeliveryView } from '../commands/view.ts'
import type { Plan, PlannedDecision } from '../planning/plan.ts'
import { nextSteps, type Reading } from './next-steps.ts'
import { outcomeOf, type Step } from './outcome.ts'
import { planAsText } from './plan-page.ts'
import { type Column, drawTable, type Page, type Row } from './table.ts'
import { foldTo, plain } from './text.ts'
import { actionWords, announcementWords, colourOf, count, decisionWord, kindWord, stateWords, when } from './words.ts'

/** Below this many columns a reason stands under its row, not in it. */
const roomForReasons = 96

export const announcementAsText = (view: AnnouncementView, { page, step }: Reading): string =>
  [
    heading(view, page),
    decisionsTable(view, page),
    earlierTable(view, page),
    ...nextSteps(view, { page, step }),
    foldTo(closing(view, step), page),
  ]
    .filter((part) => part !== '')
    .join('\n\n')

/** A draft, or what is out and the amendment that waits; with the plan as it would be released now. */
export const waitingAsText = (view: AnnouncementView, plan: Plan, page: Page): string => {
  const { id, amendment } = view
  const out = amendment === null ? heading(view, page) : announcementAsText(view, { page, step: 'look' })
  const waits = amendment === null ? [] : [page.paint('bold', foldTo(`Berichtigung (Fassung ${amendment.revision}) wartet:`, page))]
  const asks = plan.decisions.some(({ because }) => because === 'approval')
  const steps = [
    ...(asks ? [`Freigeben:        rundruf approve ${id} --digest ${plan.digest}`] : []),
    `Veröffentlichen:  rundruf release ${id} --digest ${plan.digest} --wait`,
    ...(amendment === null ? [] : [`Verwerfen:        rundruf amend ${id} --discard`]),
  ]
  return [out, ...waits, planAsText(plan, page), steps.join('\n')].join('\n\n')
}

const heading = (view: AnnouncementView, page: Page): string => {
  const { announcement } = view
  const facts = [
    kindWord(announcement),
    view.city,
    announcementWords[view.state],
    ...(view.revision > 1 ? [`Fassung ${view.revision}`] : []),
    when(view.releasedAt ?? view.createdAt),
  ]
  return [page.paint('bold', foldTo(plain(announcement.title), page)), facts.join(' · '), `Meldung ${view.id}`].join('\n')
}

const decisionsTable = (view: AnnouncementView, page: Page): string => {
  if (view.decisions.length === 0) return ''
  const wide = page.width >= roomForReasons
  const columns: readonly Column[] = [
    { head: 'Kanal' },
    { head: 'Entscheidung' },
    ...(wide ? [{ head: 'Begründung', grows: true } as const] : []),
    { head: 'Zustand' },
    { head: 'ms', align: 'right' },
  ]
  const rows = view.decisions.map((decision) => decisionRow(decision, newestOn(view, decision.channel), wide))
  return drawTable(columns, rows, page)
}

const decisionRow = (decision: PlannedDecision, delivery: DeliveryView | undefined, wide: boolean): Row => {
  const cells = [
    decision.channel,
    decisionWord(decision),
    ...(wide ? [decision.reason] : []),
    delivery === undefined ? '–' : stateWords[delivery.state],
    delivery?.milliseconds === null || delivery === undefined ? '' : String(Math.round(delivery.milliseconds)),
  ]
  const colour = delivery === undefined ? 'dim' : colourOf(delivery.state)
  const notes = [...(wide ? [] : [`Begründung: ${decision.reason}`]), ...deliveryNotes(delivery)]
  return { cells, notes, ...(colour === undefined ? {} : { colours: { [wide ? 3 : 2]: colour } }) }
}

const deliveryNotes = (delivery: DeliveryView | undefined): readonly string[] => {
  if (delivery === undefined) return []
  const receipt = delivery.receipt === null ? [] : [`Beleg: ${delivery.receipt.note ?? delivery.receipt.url ?? delivery.receipt.id}`]
  return delivery.reason === null || delivery.state === 'delivered' ? receipt : [delivery.reason, ...receipt]
}

/** UUIDv7 ids: the greatest is the newest. */
const newestOn = (view: AnnouncementView, channel: string): DeliveryView | undefined =>
  view.deliveries
    .filter((delivery) => delivery.channel === channel && delivery.revision === view.revision)
    .sort((one, other) => (one.id < other.id ? 1 : -1))[0]

/** What was done before the newest step, and on channels that the newest plan no longer names. */
const earlierTable = (view: AnnouncementView, page: Page): string => {
  const shown = new Set(view.decisions.map((decision) => newestOn(view, decision.channel)?.id))
  const earlier = view.deliveries.filter((delivery) => !shown.has(delivery.id))
  if (earlier.length === 0) return ''
  const rows = earlier.map((delivery): Row => {
    const colour = colourOf(delivery.state)
    return {
      cells: [delivery.channel, actionWords[delivery.action], String(delivery.revision), stateWords[delivery.state]],
      notes: deliveryNotes(delivery),
      ...(colour === undefined ? {} : { colours: { 3: colour } }),
    }
  })
  const columns = [{ head: 'Kanal' }, { head: 'Was' }, { head: 'Fassung', align: 'right' }, { head: 'Zustand' }] as const
  return `Vorher:\n${drawTable(columns, rows, page)}`
}

const closing = (view: AnnouncementView, asked: Step): string => {
  if (view.releasedAt === null) return `Als Entwurf gespeichert.\nSendeplan lesen und veröffentlichen: rundruf show ${view.id}`
  const step = asked === 'look' && view.state === 'retracted' ? 'retract' : asked
  const { counted, delivered, open, held, lost, done } = outcomeOf(view, step)
  if (counted.length === 0)
    return step === 'retract' ? 'Es stand nirgends etwas, das zurückzunehmen wäre.' : 'Kein Kanal trägt diese Meldung.'
  if (done && step === 'retract') return `Fertig: auf ${count(delivered.length, 'Kanal', 'Kanälen')} zurückgenommen.`
  if (done) return `Fertig: ${count(delivered.length, 'Zustellung ist', 'Zustellungen sind')} angekommen.${stayed(view, step)}`
  const missing = [...open, ...held, ...lost].map((delivery) => `${delivery.channel} (${stateOf(view, delivery)})`).join(', ')
  const next = asked === 'look' ? '' : `\nNachsehen: rundruf show ${view.id}`
  return `${delivered.length} von ${count(counted.length, 'Zustellung ist', 'Zustellungen sind')} angekommen; es fehlt: ${missing}.${next}`
}

/** What has not begun and waits for its hour says which. */
const stateOf = ({ decisions }: AnnouncementView, { channel, state }: DeliveryView): string => {
  const notBefore = decisions.find((decision) => decision.channel === channel)?.notBefore ?? null
  return notBefore !== null && (state === 'planned' || state === 'queued') ? `geplant für ${when(notBefore)} Uhr` : stateWords[state]
}

/** Where a correction does not get through, and readers go on seeing what it corrects. */
const stayed = (view: AnnouncementView, step: Step): string => {
  if (step !== 'amend') return ''
  const blocked = view.decisions.filter(({ verdict, because }) => verdict === 'omit' && unchanged.includes(because))
  const shown = blocked.filter(({ channel }) => view.deliveries.some((one) => one.channel === channel && one.state === 'delivered'))
  return shown.length === 0 ? '' : `\nDie frühere Fassung steht weiterhin hier: ${shown.map(({ channel }) => channel).join(', ')}.`
}

const unchanged: readonly PlannedDecision['because'][] = ['cannot-update', 'does-not-fit', 'needs-media']
