// The verbs for API keys: key create, key revoke.
import { type Command, Option } from 'commander'
import type { Role } from '../commands/desk.ts'
import type { Shell } from './shell.ts'
import type { ExitCode } from './surroundings.ts'

const roleNames: readonly Role[] = ['author', 'approver', 'duty-officer', 'operator', 'admin']

interface CreateOptions {
  readonly name: string
  readonly role: Role
  readonly cities: string
  readonly person?: string
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
    .option('--person <name>', 'wer ihn hat, z. B. anna.muster; ohne Person kann ein Schlüssel nichts freigeben')
    .option('--json', 'als JSON ausgeben')
    .addHelpText(
      'after',
      '\nBeispiel:\n  rundruf key create --name "Pressestelle" --role author --cities bonn,mainz --person anna.muster\n',
    )
    .action(shell.verb((options) => create(shell, options)))
  key
    .command('revoke')
    .description('Widerruft einen API-Schlüssel sofort.')
    .argument('<id>', 'Nummer des Schlüssels')
    .option('--json', 'als JSON ausgeben')
    .addHelpText('after', '\nBeispiel:\n  rundruf key revoke 0198…\n')
    .action(shell.verb((id, options) => revoke(shell, id, options)))
}

const create = async (shell: Shell, { name, role, cities, person, json }: CreateOptions): Promise<ExitCode> => {
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
  })
  if (json) shell.json(made)
  else {
    shell.say(made.key)
    shell.tell(`Das ist der Schlüssel; er wird nur jetzt gezeigt. Widerrufen: rundruf key revoke ${made.id}`)
  }
  return 0
}

const revoke = async (shell: Shell, id: string, { json }: { readonly json?: true }): Promise<ExitCode> => {
  const api = await shell.api()
  await api.remove(`/keys/${encodeURIComponent(id)}`)
  if (json) shell.json({ id, revoked: true })
  else shell.say('Der Schlüssel gilt nicht mehr.')
  return 0
}
