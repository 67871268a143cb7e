// One announcement as a person reads it: what it says, what became of it on every channel, and what to do next. Pure.
import type { AnnouncementView, DeliveryView } from '../commands/view.ts'
import type { Plan, PlannedDecision } from '../planning/plan.ts'
import { nextSteps, type Reading } from './next-steps.ts'
import { outcomeOf, type Step } from './outcome.ts'
import { planAsText } from './plan-page.ts'
import { type Column, drawTable, type Page, type Row } from './table.ts'
import { foldTo, plain } from './text.ts'
import { actionWords, announcementWords, colourOf, count, decisionWord, kindWords, stateWords, when } from './words.ts'

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
    kindWords[announcement.kind],
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

const closing = (view: AnnouncementView, step: Step): string => {
  if (view.releasedAt === null) return `Als Entwurf gespeichert.\nVeröffentlichen: rundruf release ${view.id} --wait`
  const { counted, delivered, open, held, lost, done } = outcomeOf(view, step)
  if (counted.length === 0)
    return step === 'retract' ? 'Es stand nirgends etwas, das zurückzunehmen wäre.' : 'Kein Kanal trägt diese Meldung.'
  if (done) return `Fertig: ${count(delivered.length, 'Zustellung ist', 'Zustellungen sind')} angekommen.`
  const missing = [...open, ...held, ...lost].map(({ channel, state }) => `${channel} (${stateWords[state]})`).join(', ')
  const next = step === 'look' ? '' : `\nNachsehen: rundruf show ${view.id}`
  return `${delivered.length} von ${count(counted.length, 'Zustellung ist', 'Zustellungen sind')} angekommen; es fehlt: ${missing}.${next}`
}
