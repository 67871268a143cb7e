// What a person can type next: the questions of held deliveries with their three answers, a suspended channel. Pure.
import type { AnnouncementView, DeliveryView, TaskView } from '../commands/view.ts'
import { outcomeOf, type Step } from './outcome.ts'
import type { Page } from './table.ts'
import { foldTo, plain } from './text.ts'

/** For which page, and after which step. */
export interface Reading {
  readonly page: Page
  readonly step: Step
}

export const nextSteps = (view: AnnouncementView, { page, step }: Reading): readonly string[] =>
  outcomeOf(view, step).held.map((delivery) => {
    if (delivery.question === null) return resume(view, delivery, page)
    if (delivery.task !== null) return byHand(delivery, delivery.task, page)
    return question(delivery, delivery.question, page)
  })

/** What is to be pasted stands unfolded between two lines: not a character may change on the way. */
const byHand = (delivery: DeliveryView, task: TaskView, page: Page): string =>
  [
    foldTo(`${delivery.channel} wartet auf Ihre Hand: ${plain(delivery.question ?? '')}`, page),
    ...(task.at === null ? [] : [`  Er steht hier: ${task.at}`]),
    ...(task.text === null ? [] : ['', page.paint('dim', scissors), plain(task.text), page.paint('dim', scissors), '']),
    ...task.media.map(({ path, alt }) => foldTo(`  Datei: ${path} (${plain(alt) || 'schmückend'})`, page)),
    ...answers(page, [
      ['Getan:', `rundruf resolve ${delivery.id} --there ${delivery.action === 'publish' ? 'https://…' : ''}`.trimEnd()],
      ['Nicht tun:', `rundruf resolve ${delivery.id} --drop`],
    ]),
  ].join('\n')

const scissors = '- - - - - - - - - - - - - - - - - - - -'

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
