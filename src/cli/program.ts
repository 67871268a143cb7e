// The command line: all verbs on one program, and how each way of failing ends the process.
import { Command, CommanderError } from 'commander'
import { type Problem, Refusal } from '../announcement/refusal.ts'
import { addAnnouncing } from './announcing.ts'
import { addChannels } from './channels.ts'
import { addCities } from './cities.ts'
import { NotReached, Refused, WrongUsage } from './failures.ts'
import { addFollowing } from './following.ts'
import { sentenceOf, speakGerman } from './german.ts'
import { addInsights } from './insights.ts'
import { addKeeping } from './keeping.ts'
import { addKeys } from './keys.ts'
import { addResolving } from './resolving.ts'
import { addRoles } from './roles.ts'
import { openShell, type Shell } from './shell.ts'
import type { ExitCode, Surroundings } from './surroundings.ts'
import { plain } from './text.ts'
import { addVerifying } from './verifying.ts'

/** Runs one call of the command line (`argv` without node and script) and returns how the process should end. Never throws for what a person did. */
export const run = async (argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> => {
  let code: ExitCode = 0
  const shell = openShell(surroundings, (end) => {
    code = end
  })
  try {
    await buildProgram(shell).parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    return explain(shell, error, argv.includes('--json'))
  }
}

const buildProgram = (shell: Shell): Command => {
  const { out, err } = shell.surroundings
  const program = speakGerman(new Command('rundruf'))
    .description('Eine Meldung, alle Kanäle der Stadt: planen, veröffentlichen, nachsehen, berichtigen, zurücknehmen.')
    .usage('<Befehl> [Optionen]')
    .configureOutput({
      writeOut: (text) => void out.write(text),
      writeErr: (text) => void err.write(text),
      getOutHelpWidth: () => shell.page.width,
      getErrHelpWidth: () => shell.page.width,
    })
    .addHelpText('after', overview)
  for (const add of [
    addAnnouncing,
    addFollowing,
    addResolving,
    addInsights,
    addChannels,
    addCities,
    addKeys,
    addVerifying,
    addKeeping,
    addRoles,
  ])
    add(program, shell)
  return program
}

const overview = `
Beispiel:
  rundruf announce --city bonn --kind notice --title "Markt" --text "Der Markt öffnet um 8 Uhr." --release --wait

Der Befehl endet mit 0, wenn alles erledigt ist; mit 1, wenn etwas offen blieb; mit 2 bei falscher oder abgelehnter
Eingabe; mit 3, wenn Rundruf nicht zu erreichen ist. Mit RUNDRUF_URL und RUNDRUF_KEY spricht er mit einem anderen Dienst.
`

const explain = (shell: Shell, error: unknown, asJson: boolean): ExitCode => {
  if (error instanceof CommanderError) return explainUsage(shell, error)
  if (error instanceof WrongUsage) {
    shell.tell(error.message)
    return 2
  }
  if (error instanceof Refusal) {
    shell.tell(refusal(error.problems))
    return 2
  }
  if (error instanceof Refused) {
    if (asJson) shell.json({ code: error.code, status: error.status, detail: error.message, problems: error.problems })
    shell.tell(refusal(error.problems, error.message))
    return 2
  }
  if (error instanceof NotReached) {
    shell.tell(plain(error.message))
    return 3
  }
  throw error
}

const explainUsage = (shell: Shell, error: CommanderError): ExitCode => {
  if (error.exitCode === 0) return 0 // help was asked for and shown
  shell.tell(`${sentenceOf(error)}${error.code === 'commander.help' ? '' : '\nWas geht, zeigt der Befehl mit --help.'}`)
  return 2
}

const refusal = (problems: readonly Problem[], summary?: string): string => {
  const said = problems.some((problem) => problem.de === summary)
  const list = problems.map((problem) => `  ${problem.place ? `${problem.place}: ` : ''}${problem.de}`)
  return plain(['Abgelehnt:', ...(summary === undefined || said ? [] : [`  ${summary}`]), ...list].join('\n'))
}
