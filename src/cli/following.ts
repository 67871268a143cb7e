// The verbs for an announcement that is there: show, list, approve, release, retract.
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { AnnouncementDetail, AnnouncementView } from '../commands/view.ts'
import { announcementStates } from '../delivery/delivery.ts'
import { announcementAsText, waitingAsText } from './announcement-page.ts'
import type { Api } from './api.ts'
import { Refused } from './failures.ts'
import { listAsText } from './list-page.ts'
import { planAsJson } from './plan-page.ts'
import { one, planOf, release, saysYes } from './releasing.ts'
import { type ReportOptions, report, reportOptions } from './reporting.ts'
import type { Shell } from './shell.ts'
import type { ExitCode } from './surroundings.ts'
import { foldTo, plain } from './text.ts'

export const addFollowing = (program: Command, shell: Shell): void => {
  const command = (name: string, description: string, example: string): Command =>
    program.command(name).helpGroup('Meldungen:').description(description).addHelpText('after', `\nBeispiel:\n  rundruf ${example}\n`)
  const withId = (added: Command): Command => added.argument('<id>', 'Nummer der Meldung')

  withId(command('show', 'Zeigt eine Meldung mit allen Zustellungen, Belegen und offenen Fragen.', 'show 0198…'))
    .option('--json', 'als JSON ausgeben')
    .action(shell.verb((id, options) => show(shell, id, options)))

  command('list', 'Zeigt die Meldungen, die neueste zuerst.', 'list --city bonn --limit 10')
    .option('--city <key>', 'nur diese Stadt')
    .addOption(new Option('--state <state>', 'nur in diesem Zustand').choices(announcementStates))
    .option('--limit <number>', 'so viele höchstens', wholeNumber, 20)
    .option('--json', 'als JSON ausgeben')
    .action(shell.verb((options) => list(shell, options)))

  withId(command('approve', 'Gibt genau den Plan frei, der diese Prüfsumme hat.', 'approve 0198… --digest 3f9a…'))
    .requiredOption('--digest <digest>', 'Prüfsumme des Plans, den Sie gelesen haben')
    .option('--json', 'als JSON ausgeben')
    .action(shell.verb((id, options) => approve(shell, id, options)))

  reportOptions(
    withId(command('release', 'Veröffentlicht einen Entwurf oder eine wartende Berichtigung.', 'release 0198… --digest 3f9a… --wait')),
  )
    .option('--digest <digest>', 'Prüfsumme des Plans, den Sie gelesen haben; ohne sie zeigt ein Terminal den Plan und fragt')
    .action(shell.verb((id, options) => release(shell, id, options)))

  reportOptions(withId(command('retract', 'Nimmt eine Meldung auf allen Kanälen zurück.', 'retract 0198… --wait')))
    .option('--yes', 'ohne Rückfrage')
    .action(shell.verb((id, options) => retract(shell, id, options)))
}

const wholeNumber = (value: string): number => {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('Möglich ist eine ganze Zahl ab 1.')
  return number
}

interface Json {
  readonly json?: true
}

const show = async (shell: Shell, id: string, options: Json): Promise<ExitCode> => {
  const api = await shell.api()
  const view = await api.get<AnnouncementDetail>(one(id))
  if (view.releasedAt === null || view.amendment !== null) return await showWaiting(shell, api, { view, json: options.json === true })
  if (options.json) shell.json(view)
  else shell.say(announcementAsText(view, { page: shell.page, step: 'look' }))
  return 0
}

interface Draft {
  readonly view: AnnouncementDetail
  readonly json: boolean
}

/** What waits is shown with the plan as it would be released now: its digest is what an approval and a release are given to. */
const showWaiting = async (shell: Shell, api: Api, { view, json }: Draft): Promise<ExitCode> => {
  const plan = await planOf(api, view.id).catch(asRefused)
  if (plan instanceof Refused) showUnplanned(shell, plan, { view, json })
  else if (json) shell.json({ ...view, plan: planAsJson(plan) })
  else shell.say(waitingAsText(view, plan, shell.page))
  return 0
}

const asRefused = (error: unknown): Refused => {
  if (error instanceof Refused) return error
  throw error
}

/** A draft that has expired meanwhile, or that this key may only read, is there to be read all the same. */
const showUnplanned = (shell: Shell, refused: Refused, { view, json }: Draft): void => {
  const { page } = shell
  const because = refused.problems.length === 0 ? refused.message : refused.problems.map(({ de }) => de).join(' ')
  const note = foldTo(plain(`Einen Sendeplan gibt es dazu nicht: ${because}`), page)
  if (json) {
    shell.json({ ...view, plan: null })
    shell.tell(note)
  } else shell.say([listAsText([view], page), foldTo(plain(view.announcement.text), page), note].join('\n\n'))
}

interface ListOptions extends Json {
  readonly city?: string
  readonly state?: string
  readonly limit: number
}

const list = async (shell: Shell, { city, state, limit, json }: ListOptions): Promise<ExitCode> => {
  const query = new URLSearchParams({
    limit: String(limit),
    ...(city === undefined ? {} : { city }),
    ...(state === undefined ? {} : { state }),
  })
  const api = await shell.api()
  const views = await api.get<readonly AnnouncementView[]>(`/announcements?${query}`)
  if (json) shell.json(views)
  else shell.say(listAsText(views, shell.page))
  return 0
}

const approve = async (shell: Shell, id: string, { digest, json }: Json & { readonly digest: string }): Promise<ExitCode> => {
  const api = await shell.api()
  const view = await api.post<AnnouncementView>(one(id, '/approve'), { digest })
  if (json) shell.json(view)
  else shell.say(`Freigegeben. Veröffentlichen: rundruf release ${view.id} --digest ${digest} --wait`)
  return 0
}

const retract = async (shell: Shell, id: string, options: ReportOptions & { readonly yes?: true }): Promise<ExitCode> => {
  const api = await shell.api()
  if (!options.yes && !(await saysYes(shell, `Die Meldung ${id} auf allen Kanälen zurücknehmen?`))) {
    shell.tell('Nichts geändert.')
    return 1
  }
  const view = await api.post<AnnouncementView>(one(id, '/retract'))
  return await report(shell, api, { view, options, step: 'retract' })
}
