// How a verb that sets deliveries going ends: waits if asked, prints the table or JSON, and decides the exit code.
import { type Command, InvalidArgumentError } from 'commander'
import type { AnnouncementView } from '../commands/view.ts'
import { announcementAsText } from './announcement-page.ts'
import type { Api } from './api.ts'
import { outcomeOf, type Step } from './outcome.ts'
import type { Shell } from './shell.ts'
import type { ExitCode } from './surroundings.ts'
import { waitForDeliveries } from './waiting.ts'

export interface ReportOptions {
  readonly wait?: true
  /** Seconds. */
  readonly timeout: number
  readonly json?: true
}

export interface Report {
  readonly view: AnnouncementView
  readonly options: ReportOptions
  /** What was just done. */
  readonly step: Step
}

/** `--json`, `--wait` and `--timeout`. */
export const reportOptions = (command: Command): Command =>
  command
    .helpGroup('Meldungen:')
    .option('--wait', 'warten, bis jede Zustellung erledigt ist')
    .option('--timeout <seconds>', 'so lange höchstens warten, in Sekunden', seconds, 120)
    .option('--json', 'als JSON ausgeben')

const seconds = (value: string): number => {
  const number = Number(value)
  if (!(number > 0 && number <= 86_400)) throw new InvalidArgumentError('Möglich sind 1 bis 86400 Sekunden.')
  return number
}

/** Without `--wait` it is enough that the service took the order. */
export const report = async (shell: Shell, api: Api, { view, options, step }: Report): Promise<ExitCode> => {
  const last = options.wait ? await waitForDeliveries(shell, api, { view, timeout: options.timeout, step }) : view
  if (options.json) shell.json(last)
  else shell.say(announcementAsText(last, { page: shell.page, step }))
  return !options.wait || outcomeOf(last, step).done ? 0 : 1
}
