// The verbs for cities: cities list asks the service, cities check reads the files without it.
import type { Command } from 'commander'
import type { Problem } from '../announcement/refusal.ts'
import type { CityCheck } from '../policy/city-check.ts'
import { WrongUsage } from './failures.ts'
import type { Shell } from './shell.ts'
import type { ExitCode } from './surroundings.ts'
import { drawTable } from './table.ts'
import { plain } from './text.ts'
import { count } from './words.ts'

interface CityLine {
  readonly key: string
  readonly city: string
  readonly channels?: readonly object[]
}

interface Json {
  readonly json?: true
}

const references = `
Zugangsdaten stehen in der Datei einer Stadt nur als Verweis auf das, was ihr gehört: env:NAME, wenn der Name mit dem Schlüssel der Stadt
beginnt (env:BONN_X_TOKEN), file:PFAD für Dateien unter RUNDRUF_SECRETS/<Schlüssel>/. Was alle Städte nennen dürfen, zählt der Betreiber
in RUNDRUF_SHARED_SECRETS auf, mit Kommas: env:META_APP_SECRET,file:/run/secrets/x
`

export const addCities = (program: Command, shell: Shell): void => {
  const cities = program.command('cities').helpGroup('Kanäle und Städte:').description('Die Städte und ihre Kanalregelungen.')
  cities
    .command('list')
    .description('Zeigt die Städte dieses Dienstes.')
    .option('--json', 'als JSON ausgeben')
    .addHelpText('after', '\nBeispiel:\n  rundruf cities list\n')
    .action(shell.verb((options) => list(shell, options)))
  cities
    .command('check')
    .description('Prüft die Dateien der Städte, ohne dass Rundruf läuft, und nennt jeden Fehler mit Datei und Zeile.')
    .argument('[folder]', 'Ordner der Dateien (sonst der des Dienstes)')
    .option('--json', 'als JSON ausgeben')
    .addHelpText('after', `${references}\nBeispiel:\n  rundruf cities check config/cities\n`)
    .action(shell.verb((folder, options) => check(shell, folder, options)))
}

const list = async (shell: Shell, options: Json): Promise<ExitCode> => {
  const api = await shell.api()
  const found = await api.get<readonly CityLine[]>('/cities')
  const rows = found.map(({ key, city, channels }) => ({ cells: [key, city, channels === undefined ? '' : String(channels.length)] }))
  if (options.json) shell.json(found)
  else shell.say(drawTable([{ head: 'Schlüssel' }, { head: 'Stadt' }, { head: 'Kanäle', align: 'right' }], rows, shell.page))
  return 0
}

const check = async (shell: Shell, named: string | undefined, options: Json): Promise<ExitCode> => {
  const house = await shell.surroundings.house()
  const folder = named ?? house.cities
  const checks = await house.checkCities(folder)
  if (checks.length === 0) throw new WrongUsage(`In ${folder} liegt keine Datei einer Stadt (*.yaml).`)
  const wrong = checks.filter((one) => one.problems.length > 0)
  if (options.json) shell.json(checks)
  else {
    for (const one of checks) shell.say(line(one))
    shell.say(
      wrong.length === 0
        ? `\n${count(checks.length, 'Datei', 'Dateien')} geprüft, alles in Ordnung.`
        : `\n${count(wrong.length, 'Datei hat', 'Dateien haben')} Fehler.`,
    )
  }
  return wrong.length === 0 ? 0 : 2
}

const line = ({ file, city, problems }: CityCheck): string => {
  const facts = city === null ? '' : ` ${city.name}: ${count(city.channels, 'Kanal', 'Kanäle')}, ${count(city.rules, 'Regel', 'Regeln')}`
  return [problems.length === 0 ? `in Ordnung  ${file} ${facts}` : `Fehler      ${file}`, ...problems.map(problemLine)].join('\n')
}

const problemLine = (problem: Problem): string => plain(`  ${problem.place ? `${problem.place}: ` : ''}${problem.de}`)
