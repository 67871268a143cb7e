// The verbs that keep the store: backup and restore. They work on the store itself, also while no Rundruf runs.
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { Refusal } from '../announcement/refusal.ts'
import { NotReached, WrongUsage } from './failures.ts'
import type { Shell } from './shell.ts'
import type { BackedUp, ExitCode, RestoredStore } from './surroundings.ts'
import { foldTo } from './text.ts'
import { count, when } from './words.ts'

interface RestoreOptions {
  readonly replace?: true
  readonly doneElsewhere?: true
  readonly unsigned?: true
  readonly json?: true
}

export const addKeeping = (program: Command, shell: Shell): void => {
  program
    .command('backup')
    .helpGroup('Betrieb:')
    .description('Sichert den Speicher mit allen Bildern in eine Datei; die Schlüssel kommen in eine zweite daneben.')
    .argument('<file>', 'die Datei, zum Beispiel rundruf.sql.gz')
    .option('--json', 'als JSON ausgeben')
    .addHelpText(
      'after',
      '\nGeht auch, während Rundruf läuft. Das Format ist einfaches SQL (gzip), das auch psql liest.\n\nBeispiel:\n  rundruf backup /sicherung/rundruf.sql.gz\n',
    )
    .action(shell.verb((file, options) => backup(shell, file, options)))
  program
    .command('restore')
    .helpGroup('Betrieb:')
    .description('Spielt eine Sicherung ein. Danach ruht das Senden, bis es jemand mit `rundruf resume` fortsetzt.')
    .argument('[file]', 'die Datei')
    .option('--replace', 'was der Speicher jetzt enthält, verwerfen')
    .option('--unsigned', 'auch ohne gültiges Siegel: Sie wissen sicher, woher die Daten kommen; ihre API-Schlüssel gelten nicht mehr')
    .option('--done-elsewhere', 'der Speicher wurde schon mit anderen Mitteln wiederhergestellt: nur das Senden anhalten')
    .option('--json', 'als JSON ausgeben')
    .addHelpText('after', '\nBeispiel:\n  rundruf restore /sicherung/rundruf.sql.gz --replace\n')
    .action(shell.verb((file, options) => restore(shell, file, options)))
}

/** A file that cannot be opened and a store that does not answer are said in words; everything else is a bug. */
const inWords = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    const { code, path, syscall, message } = error as NodeJS.ErrnoException
    if (error instanceof Refusal || typeof code !== 'string') throw error
    if (path !== undefined && !path.includes('.s.PGSQL'))
      throw new WrongUsage(`Die Datei ${path} lässt sich nicht lesen oder schreiben (${code}).`)
    if (syscall === 'write') throw new WrongUsage(`Die Sicherung ließ sich nicht zu Ende schreiben (${code}).`)
    throw new NotReached(`Der Speicher ist nicht zu erreichen (${code}): ${message}`, { cause: error })
  }
}

const backup = async (shell: Shell, file: string, { json }: { readonly json?: true }): Promise<ExitCode> => {
  const house = await shell.surroundings.house()
  const done = await shell.during('Der Speicher wird gesichert.', () => inWords(house.backup(resolve(file))))
  if (json) shell.json(done)
  else shell.say(foldTo(backedUpWords(done), shell.page))
  return 0
}

const backedUpWords = ({ file, at, bytes, keys }: BackedUp): string =>
  [
    `Gesichert: ${file} (${Math.ceil(bytes / 1024)} kB, Stand ${when(at)}).`,
    ...(keys === null ? [] : [`Die Schlüssel liegen getrennt in ${keys}. Bewahren Sie beides nicht am selben Ort auf.`]),
  ].join('\n')

const restore = async (
  shell: Shell,
  file: string | undefined,
  { replace, doneElsewhere, unsigned, json }: RestoreOptions,
): Promise<ExitCode> => {
  if ((file === undefined) !== (doneElsewhere === true)) throw new WrongUsage('Nennen Sie die Datei der Sicherung, oder --done-elsewhere.')
  const house = await shell.surroundings.house()
  const done = await shell.during('Die Sicherung wird eingespielt.', () =>
    inWords(house.restore(file === undefined ? null : resolve(file), { replace: replace === true, unsigned: unsigned === true })),
  )
  if (json) shell.json(done)
  else shell.say(foldTo(restoredWords(done), shell.page))
  return 0
}

export const restoredWords = ({ at, unclear, keys }: RestoredStore): string =>
  [
    at === null ? 'Der Speicher ist als wiederhergestellt vermerkt.' : `Wiederhergestellt: der Stand vom ${when(at)}.`,
    ...keys.map((key) => `Der Schlüssel ${key} fehlte und ist wieder da.`),
    `Das Senden ruht. ${count(unclear, 'Zustellung war', 'Zustellungen waren')} damals unterwegs; ${onlyWhereMissing(unclear)}`,
    'Was seit der Sicherung veröffentlicht wurde, kennt dieser Speicher nicht: Es steht auf den Plattformen, und Rundruf sendet es nicht noch einmal.',
    'Starten Sie Rundruf, sehen Sie mit `rundruf verify` nach, und setzen Sie das Senden mit `rundruf resume` fort.',
  ].join('\n')

const onlyWhereMissing = (number: number): string =>
  number === 1 ? 'sie wird nur gesendet, wenn sie auf der Plattform fehlt.' : 'sie werden nur gesendet, wenn sie auf der Plattform fehlen.'
