// What a person can type next: the questions of held deliveries with their three answers, a suspended channel. Pure.
import type { AnnouncementView, DeliveryView } from '../commands/view.ts'
import { outcomeOf, type Step } from './outcome.ts'
import type { Page } from './table.ts'
import { foldTo, plain } from './text.ts'

/** For which page, and after which step. */
export interface Reading {
  readonly page: Page
  readonly step: Step
}

export const nextSteps = (view: AnnouncementView, { page, step }: Reading): readonly string[] =>
  outcomeOf(view, step).held.map((delivery) =>
    delivery.question === null ? resume(view, delivery, page) : question(delivery, delivery.question, page),
  )

const question = (delivery: DeliveryView, asked: string, page: Page): string =>
  [
    foldTo(`${delivery.channel} wartet auf Ihre Antwort: ${plain(asked)}`, page),
    ...answers(page, [
      ['Es ist da:', `rundruf resolve ${delivery.id} --there https://…`],
      ['Es ist nicht da:', `rundruf resolve ${delivery.id} --not-there`],
      ['Nicht mehr senden:', `rundruf resolve ${delivery.id} --drop`],
    ]),
  ].join('\n')

const resume = (view: AnnouncementView, delivery: DeliveryView, page: Page): string =>
  [
    foldTo(`${delivery.channel} ist gesperrt; die Zustellung wird zurückgehalten.`, page),
    ...answers(page, [
      ['Kanal wieder öffnen:', `rundruf channels resume ${view.city} ${delivery.channel}`],
      ['Nicht mehr senden:', `rundruf resolve ${delivery.id} --drop`],
    ]),
  ].join('\n')

type Answer = readonly [label: string, command: string]

/** From here on an answer and its command stand on one line. */
const roomForAnswers = 96

const answers = (page: Page, list: readonly Answer[]): readonly string[] => {
  const longest = Math.max(...list.map(([label]) => label.length))
  return list.map(([label, command]) =>
    page.width < roomForAnswers ? `  ${label}\n    ${command}` : `  ${label.padEnd(longest)}  ${command}`,
  )
}
