// The verbs that make sure: verify compares store, queue and platforms; resume lets sending go on after a restored backup.
import { type Command, InvalidArgumentError } from 'commander'
import type { Finding } from '../commands/findings.ts'
import type { SendingView } from '../commands/sending.ts'
import type { Report } from '../commands/verify.ts'
import type { Shell } from './shell.ts'
import type { ExitCode } from './surroundings.ts'
import { type Colour, drawTable, type Row } from './table.ts'
import { foldTo, plain } from './text.ts'
import { count, when } from './words.ts'

interface VerifyOptions {
  readonly days: number
  readonly json?: true
}

export const addVerifying = (program: Command, shell: Shell): void => {
  program
    .command('verify')
    .helpGroup('Betrieb:')
    .description('Vergleicht Speicher, Warteschlange und Plattformen und berichtet genau, was nicht übereinstimmt.')
    .option('--days <number>', 'so weit zurück wird auf den Plattformen nachgesehen', wholeDays, 7)
    .option('--json', 'als JSON ausgeben')
    .addHelpText(
      'after',
      '\nEndet mit 0, wenn alles übereinstimmt, und mit 1, wenn etwas zu tun ist.\n\nBeispiel:\n  rundruf verify --days 30\n',
    )
    .action(shell.verb((options) => verify(shell, options)))
  program
    .command('resume')
    .helpGroup('Betrieb:')
    .description('Setzt das Senden fort, das nach dem Einspielen einer Sicherung ruht. Sehen Sie vorher mit `rundruf verify` nach.')
    .option('--json', 'als JSON ausgeben')
    .addHelpText('after', '\nBeispiel:\n  rundruf resume\n')
    .action(shell.verb((options) => resume(shell, options)))
}

const wholeDays = (text: string): number => {
  const days = Number(text)
  if (!Number.isInteger(days) || days < 1 || days > 3650) throw new InvalidArgumentError('eine ganze Zahl von Tagen, 1 bis 3650')
  return days
}

/** Looking takes its time: each post is asked for where it stands. Seconds. */
const patience = 1800

const verify = async (shell: Shell, { days, json }: VerifyOptions): Promise<ExitCode> => {
  const api = await shell.api()
  const report = await shell.during('Speicher, Warteschlange und Plattformen werden verglichen.', () =>
    api.get<Report>(`/verify?days=${days}`, patience),
  )
  if (json) shell.json(report)
  else shell.say(asText(report, shell, days))
  return report.ok ? 0 : 1
}

const words: Readonly<Record<Finding['finding'], readonly [word: string, colour: Colour]>> = {
  lost: ['verloren', 'red'],
  doubled: ['doppelt', 'red'],
  unknown: ['ungeklärt', 'yellow'],
  held: ['zurückgehalten', 'yellow'],
  overdue: ['überfällig', 'red'],
  gone: ['verschwunden', 'red'],
  changed: ['verändert', 'red'],
}

const columns = [{ head: 'Befund' }, { head: 'Stadt' }, { head: 'Kanal' }, { head: 'Zustellung', grows: true }] as const

const asText = (report: Report, shell: Shell, days: number): string => {
  const { findings, blind, page } = { ...report, page: shell.page }
  const parts = [
    ...(report.sending === null
      ? []
      : [foldTo(plain(`Das Senden ruht seit ${when(report.sending.since)}: ${report.sending.because} Fortsetzen: rundruf resume`), page)]),
    ...(findings.length === 0 ? [] : [drawTable(columns, findings.map(rowOf), page)]),
    ...blind.map(({ city, channel, posts, because }) =>
      foldTo(plain(`Nicht nachgesehen: ${city}, ${channel} (${count(posts, 'Beitrag', 'Beiträge')}): ${because}`), page),
    ),
    summary(report, days),
  ]
  return parts.join('\n')
}

const rowOf = ({ finding, city, channel, delivery, detail }: Finding): Row => {
  const [word, colour] = words[finding]
  return { cells: [word, city, channel, delivery], notes: [detail], colours: { 0: colour } }
}

const summary = ({ deliveries, findings, looked, queue, audit }: Report, days: number): string => {
  const counted = Object.entries(words).map(([kind, [word]]) => `${findings.filter(({ finding }) => finding === kind).length} ${word}`)
  return [
    `${count(deliveries, 'Zustellung', 'Zustellungen')} geprüft: ${counted.join(', ')}.`,
    `${count(looked, 'Beitrag', 'Beiträge')} ${days === 1 ? 'des letzten Tages' : `der letzten ${days} Tage`} auf den Plattformen nachgesehen.`,
    ...(queue === 'away' ? ['Die Warteschlange ist nicht zu erreichen; ob sie alles kennt, bleibt offen.'] : []),
    audit.broken === null
      ? `Das Protokoll ist unversehrt (${count(audit.entries, 'Eintrag', 'Einträge')}).`
      : `Das Protokoll ist beschädigt: ${audit.broken}`,
  ].join('\n')
}

const resume = async (shell: Shell, { json }: { readonly json?: true }): Promise<ExitCode> => {
  const api = await shell.api()
  const sending = await api.post<SendingView>('/sending/resume')
  if (json) shell.json(sending)
  else shell.say(resumedWords(sending))
  return 0
}

const resumedWords = ({ resumed }: SendingView): string =>
  resumed === undefined
    ? 'Das Senden ruhte nicht.'
    : [
        'Das Senden geht weiter.',
        `${count(resumed.lookedUp, 'Zustellung wird', 'Zustellungen werden')} erst auf der Plattform nachgesehen und nur gesendet, wenn sie dort ${resumed.lookedUp === 1 ? 'fehlt' : 'fehlen'}.`,
        `${count(resumed.asked, 'Zustellung wartet', 'Zustellungen warten')} auf Ihre Antwort: rundruf list, rundruf resolve.`,
      ].join('\n')
