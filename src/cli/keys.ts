// The verbs for API keys: key create, key list, key revoke.
import { type Command, Option } from 'commander'
import { readTime } from '../announcement/local-time.ts'
import type { Role } from '../commands/desk.ts'
import type { KeyView } from '../commands/keys.ts'
import { WrongUsage } from './failures.ts'
import type { Shell } from './shell.ts'
import type { ExitCode } from './surroundings.ts'
import { type Colour, drawTable, type Row } from './table.ts'
import { when } from './words.ts'

const roleNames: readonly Role[] = ['author', 'approver', 'duty-officer', 'operator', 'admin']

interface CreateOptions {
  readonly name: string
  readonly role: Role
  readonly cities: string
  readonly person?: string
  readonly expires?: string
  readonly json?: true
}

export const addKeys = (program: Command, shell: Shell): void => {
  const key = program.command('key').helpGroup('Betrieb:').description('Die API-Schlüssel dieses Dienstes.')
  key
    .command('create')
    .description('Legt einen API-Schlüssel an und zeigt ihn dieses eine Mal.')
    .requiredOption('--name <name>', 'wem er gehört, für das Protokoll')
    .addOption(new Option('--role <role>', 'was er darf').choices(roleNames).makeOptionMandatory())
    .requiredOption('--cities <keys>', 'für welche Städte, mit Komma getrennt; * für alle')
    .option(
      '--person <name>',
      'wer ihn hat, z. B. anna.muster; ohne Person kann ein Schlüssel nichts freigeben, und niemand gibt seine Texte frei',
    )
    .option('--expires <time>', 'bis wann er gilt, etwa 2027-06-30; ohne Angabe, bis er widerrufen wird')
    .option('--json', 'als JSON ausgeben')
    .addHelpText(
      'after',
      '\nBeispiel:\n  rundruf key create --name "Pressestelle" --role author --cities bonn,mainz --person anna.muster\n',
    )
    .action(shell.verb((options) => create(shell, options)))
  key
    .command('list')
    .description('Zeigt die API-Schlüssel: wer sie hat, was sie dürfen, wann sie zuletzt benutzt wurden.')
    .option('--all', 'auch widerrufene')
    .option('--json', 'als JSON ausgeben')
    .addHelpText('after', '\nBeispiel:\n  rundruf key list\n')
    .action(shell.verb((options) => list(shell, options)))
  key
    .command('revoke')
    .description('Widerruft einen API-Schlüssel sofort.')
    .argument('<id>', 'Nummer des Schlüssels')
    .option('--json', 'als JSON ausgeben')
    .addHelpText('after', '\nBeispiel:\n  rundruf key revoke 0198…\n')
    .action(shell.verb((id, options) => revoke(shell, id, options)))
}

const create = async (shell: Shell, { name, role, cities, person, expires, json }: CreateOptions): Promise<ExitCode> => {
  const keys = cities
    .split(',')
    .map((city) => city.trim())
    .filter((city) => city !== '')
  const api = await shell.api()
  const made = await api.post<{ readonly id: string; readonly key: string }>('/keys', {
    name,
    role,
    cities: cities.trim() === '*' ? '*' : keys,
    ...(person !== undefined && { person }),
    ...(expires !== undefined && { expires: timeFrom(expires) }),
  })
  if (json) shell.json(made)
  else {
    shell.say(made.key)
    shell.tell(`Das ist der Schlüssel; er wird nur jetzt gezeigt. Widerrufen: rundruf key revoke ${made.id}`)
    if (person === undefined) shell.tell(withoutPerson)
  }
  return 0
}

/** A day ends at its midnight in Germany. */
const timeFrom = (text: string): string => {
  const read = readTime(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T23:59:59.999` : text)
  if ('fault' in read) throw new WrongUsage('--expires: Erwartet wird ein Tag oder eine Zeit, etwa 2027-06-30 oder 2027-06-30T18:00.')
  return read.utc
}

const stateWords: Readonly<Record<KeyView['state'], readonly [word: string, colour: Colour | undefined]>> = {
  valid: ['gilt', undefined],
  expired: ['abgelaufen', 'dim'],
  revoked: ['widerrufen', 'dim'],
  changed: ['in der Datenbank geändert', 'red'],
}

const columns = [
  { head: 'Schlüssel', grows: true },
  { head: 'Rolle' },
  { head: 'Städte' },
  { head: 'Person' },
  { head: 'Zustand' },
] as const

const list = async (shell: Shell, { all, json }: { readonly all?: true; readonly json?: true }): Promise<ExitCode> => {
  const api = await shell.api()
  const keys = (await api.get<readonly KeyView[]>('/keys')).filter(({ state }) => all || state !== 'revoked')
  if (json) shell.json(keys)
  else shell.say(drawTable(columns, keys.map(rowOf), shell.page))
  if (!json && keys.some(({ person, state }) => person === null && state === 'valid')) shell.tell(withoutPerson)
  return 0
}

/** Said before somebody needs it: on a bad day there is no time to write an announcement again. */
const withoutPerson =
  'Ein Schlüssel ohne Person kann nichts freigeben, und was mit ihm geschrieben ist, kann niemand freigeben. Ein neuer: rundruf key create --person'

const rowOf = ({ id, name, role, cities, person, state, expiresAt, lastUsedAt }: KeyView): Row => {
  const [word, colour] = stateWords[state]
  const used = lastUsedAt === null ? 'noch nie benutzt' : `zuletzt benutzt: ${when(lastUsedAt)}`
  return {
    cells: [name, role, cities === '*' ? 'alle' : cities.join(', '), person ?? 'keine', word],
    notes: [[id, used, ...(expiresAt === null ? [] : [`gilt bis ${when(expiresAt)}`])].join('; ')],
    ...(colour === undefined ? {} : { colours: { 4: colour } }),
  }
}

const revoke = async (shell: Shell, id: string, { json }: { readonly json?: true }): Promise<ExitCode> => {
  const api = await shell.api()
  await api.remove(`/keys/${encodeURIComponent(id)}`)
  if (json) shell.json({ id, revoked: true })
  else shell.say('Der Schlüssel gilt nicht mehr.')
  return 0
}
