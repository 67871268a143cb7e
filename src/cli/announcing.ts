// The verbs that say something: plan, announce, amend.
import { type Command, InvalidArgumentError } from 'commander'
import type { AnnouncementView } from '../commands/view.ts'
import type { Plan } from '../planning/plan.ts'
import { type AnnouncementOptions, announcementOptions, readAnnouncement } from './announcement-options.ts'
import { waitingAsText } from './announcement-page.ts'
import { WrongUsage } from './failures.ts'
import { planAsJson, planAsText } from './plan-page.ts'
import { one, planOf } from './releasing.ts'
import { type ReportOptions, report, reportOptions } from './reporting.ts'
import type { Shell } from './shell.ts'
import type { ExitCode } from './surroundings.ts'

export const addAnnouncing = (program: Command, shell: Shell): void => {
  announcementOptions(program.command('plan'), true)
    .helpGroup('Meldungen:')
    .description('Zeigt, welcher Kanal was, wann und warum sendet. Es wird keine Meldung gespeichert und nichts gesendet.')
    .option('--json', 'als JSON ausgeben')
    .addHelpText('after', '\nBeispiel:\n  rundruf plan --city bonn --kind notice --title "Markt" --text "Der Markt öffnet um 8 Uhr."\n')
    .action(shell.verb((options) => plan(shell, options)))

  reportOptions(
    announcementOptions(program.command('announce'), true).option('--release', 'gleich veröffentlichen, nicht nur als Entwurf speichern'),
  )
    .description('Speichert eine Meldung; mit --release geht sie gleich auf alle Kanäle, die der Plan vorsieht.')
    .option('--idempotency-key <key>', 'eigenes Kennwort gegen Doppeltes: derselbe Aufruf noch einmal legt nichts Zweites an', visible)
    .addHelpText('after', announceExample)
    .action(shell.verb((options) => announce(shell, options)))

  reportOptions(announcementOptions(program.command('amend').argument('<id>', 'Nummer der Meldung'), false))
    .description(
      'Berichtigt eine Meldung und ändert sie auf allen Kanälen, die das können. Nur nennen, was sich ändert. Höhere Schwere, ein anderes Thema, neue Empfänger und was eine Freigabe braucht, warten auf eine Veröffentlichung.',
    )
    .option('--release', 'gleich hinaus, auch wenn es mehr ist als eine Berichtigung')
    .option('--no-release', 'nur bereitlegen')
    .option('--discard', 'die wartende Berichtigung verwerfen')
    .addHelpText('after', '\nBeispiel:\n  rundruf amend 0198… --text "Der Markt öffnet erst um 9 Uhr." --wait\n')
    .action(shell.verb((id, options) => amend(shell, id, options)))
}

const visible = (key: string): string => {
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) throw new InvalidArgumentError('Möglich sind 1 bis 200 Zeichen ohne Leerzeichen und Umlaute.')
  return key
}

const announceExample = `
Beispiele:
  rundruf announce --city bonn --kind notice --title "Markt" --text "Der Markt öffnet um 8 Uhr." --release --wait
  rundruf announce --city mainz --kind warning --severity Severe --title "Hochwasser" --text - --release --wait < text.txt
`

const plan = async (shell: Shell, options: AnnouncementOptions & { readonly json?: true }): Promise<ExitCode> => {
  const body = await readAnnouncement(options, shell)
  const api = await shell.api()
  const answer = await api.post<Plan>('/plan', body)
  if (options.json) shell.json(planAsJson(answer))
  else shell.say(`${planAsText(answer, shell.page)}\nEs wurde nichts gespeichert und nichts gesendet.`)
  return 0
}

type AnnounceOptions = AnnouncementOptions & ReportOptions & { readonly release?: true; readonly idempotencyKey?: string }

const announce = async (shell: Shell, options: AnnounceOptions): Promise<ExitCode> => {
  if (options.wait && !options.release) throw new WrongUsage('--wait wartet auf die Veröffentlichung und braucht deshalb --release.')
  const body = { ...(await readAnnouncement(options, shell)), ...(options.release ? { release: true } : {}) }
  const api = await shell.api()
  const view = await api.post<AnnouncementView>('/announcements', body, options.idempotencyKey)
  return await report(shell, api, { view, options, step: 'release' })
}

type AmendOptions = AnnouncementOptions & ReportOptions & { readonly release?: boolean; readonly discard?: true }

const amend = async (shell: Shell, id: string, options: AmendOptions): Promise<ExitCode> => {
  if (options.discard) return await discard(shell, id, options)
  const body = await readAnnouncement(options, shell)
  if (Object.keys(body).length === 0) throw new WrongUsage('Es ist nichts genannt, was sich ändern soll, etwa mit --text.')
  const api = await shell.api()
  const release = options.release === undefined ? {} : { release: options.release }
  const view = await api.post<AnnouncementView>(one(id, '/amend'), { ...body, ...release })
  if (view.amendment === null) return await report(shell, api, { view, options, step: 'amend' })
  const plan = await planOf(api, id)
  if (options.json) shell.json({ ...view, plan: planAsJson(plan) })
  else shell.say(waitingAsText(view, plan, shell.page))
  return options.wait ? 1 : 0
}

const discard = async (shell: Shell, id: string, { json }: AmendOptions): Promise<ExitCode> => {
  const api = await shell.api()
  await api.remove(one(id, '/amendment'))
  if (json) shell.json(await api.get<AnnouncementView>(one(id)))
  else shell.say('Die Berichtigung ist verworfen; es gilt, was veröffentlicht ist.')
  return 0
}
