// The verbs that run Rundruf itself: serve, work, all.
import type { Command } from 'commander'
import type { Shell } from './shell.ts'
import type { ExitCode, Roles } from './surroundings.ts'

export const addRoles = (program: Command, shell: Shell): void => {
  const command = (name: Roles['roles'], description: string, example: string): Command =>
    program.command(name).helpGroup('Betrieb:').description(description).addHelpText('after', `\nBeispiel:\n  rundruf ${example}\n`)

  command('serve', 'Startet die Schnittstelle und die Newsroom-Seiten, ohne zu senden.', 'serve').action(
    shell.verb(() => start(shell, { roles: 'serve', only: null })),
  )
  command('work', 'Startet die Arbeiter, die senden.', 'work --only bluesky,mastodon')
    .option('--only <platforms>', 'nur diese Plattformen, mit Komma getrennt')
    .action(shell.verb(({ only }: { readonly only?: string }) => start(shell, { roles: 'work', only: namesIn(only) })))
  command('all', 'Startet alles in einem Prozess; so beginnt auch `npm start`.', 'all').action(
    shell.verb(() => start(shell, { roles: 'all', only: null })),
  )
}

const namesIn = (list: string | undefined): readonly string[] | null =>
  list === undefined
    ? null
    : list
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '')

const start = async (shell: Shell, roles: Roles): Promise<ExitCode> => {
  const house = await shell.surroundings.house()
  await house.start(roles)
  return 0
}
