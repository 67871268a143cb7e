// The verb that answers a held delivery's question: resolve.
import type { Command } from 'commander'
import type { AnnouncementDetail } from '../commands/view.ts'
import { announcementAsText } from './announcement-page.ts'
import { WrongUsage } from './failures.ts'
import type { Shell } from './shell.ts'
import type { ExitCode } from './surroundings.ts'

interface ResolveOptions {
  readonly there?: string | true
  readonly notThere?: true
  readonly drop?: true
  readonly json?: true
}

export const addResolving = (program: Command, shell: Shell): void => {
  program
    .command('resolve')
    .helpGroup('Meldungen:')
    .description('Beantwortet die Frage einer zurückgehaltenen Zustellung. Öffnen Sie zuerst den Kanal und sehen Sie nach.')
    .argument('<delivery>', 'Nummer der Zustellung')
    .option('--there [url]', 'es ist da oder getan, und zwar hier; ohne Adresse, wo es keine gibt')
    .option('--not-there', 'es ist nicht da: noch einmal senden')
    .option('--drop', 'nicht mehr senden')
    .option('--json', 'als JSON ausgeben')
    .addHelpText('after', '\nBeispiel:\n  rundruf resolve 0198… --there https://bsky.app/profile/bonn.de/post/3k…\n')
    .action(shell.verb((delivery, options) => resolve(shell, delivery, options)))
}

const resolve = async (shell: Shell, delivery: string, options: ResolveOptions): Promise<ExitCode> => {
  const answer = answerOf(options)
  const api = await shell.api()
  const view = await api.post<AnnouncementDetail>(`/deliveries/${encodeURIComponent(delivery)}/resolve`, answer)
  if (options.json) shell.json(view)
  else shell.say(announcementAsText(view, { page: shell.page, step: 'look' }))
  return 0
}

const answerOf = ({ there, notThere, drop }: ResolveOptions): object => {
  const answers = [
    ...(there === undefined ? [] : [{ answer: 'there', url: there === true ? null : there }]),
    ...(notThere ? [{ answer: 'not-there' }] : []),
    ...(drop ? [{ answer: 'drop' }] : []),
  ]
  const [answer] = answers
  if (answer === undefined || answers.length > 1)
    throw new WrongUsage('Antworten Sie mit genau einem davon: --there <URL>, --not-there oder --drop.')
  return answer
}
