// The npm packages, exactly as the lock names them; and what their install scripts would have done, since none of them is run.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root } from '../programs.mjs'
import { giveUp, say } from './say.mjs'

const modules = join(root, 'node_modules')
/** Holds the hash of the lock that was installed completely; it is taken away before an install begins. */
const stamp = join(modules, '.rundruf-installed')

/** Installs when the lock has changed since the last complete install; also when that one was cut off half way. */
export const install = () => {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  say('Rundruf richtet sich ein: Abhängigkeiten (einmalig, etwa eine Minute) …')
  rmSync(stamp, { force: true })
  const { status, error } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', process.stderr, process.stderr],
      env: outsideEnvironment(),
    },
  )
  if (status !== 0) {
    giveUp(
      `Die Abhängigkeiten konnten nicht installiert werden (npm: ${error?.message ?? `Code ${status}`}). Besteht eine Verbindung zur npm-Registry? Ein neuer Versuch setzt sauber wieder auf.`,
    )
  }
  preferWorkingNode()
  hydratePostgres()
  writeFileSync(stamp, lock)
}

/** npm must not run on the Node that it is about to replace; and should anything be compiled after all, then for our Node. */
const outsideEnvironment = () => {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.replace(/\/$/, '').endsWith('node_modules/.bin'))
  return { ...process.env, PATH: path.join(delimiter), npm_config_nodedir: join(modules, `node-${process.platform}-${process.arch}`) }
}

/** The Node 24 from npm where it runs; otherwise the one that is running, if it is new enough. */
const preferWorkingNode = () => {
  const ours = join(modules, '.bin/node')
  const { stdout } = spawnSync(ours, ['--version'], { encoding: 'utf8' })
  if (/^v24\./.test(stdout ?? '')) return
  // one that does not run here (another C library) would stand in the way of the one that does
  rmSync(ours, { force: true })
  const outside = spawnSync('node', ['--version'], { encoding: 'utf8', env: outsideEnvironment() }).stdout?.trim() ?? 'none'
  if (Number(/^v(\d+)/.exec(outside)?.[1]) >= 24) return
  giveUp(
    `Rundruf braucht Node.js 24 oder neuer; hier läuft ${outside}, und für ${process.platform}/${process.arch} gibt es kein npm-Paket davon. Bitte Node.js 24 von https://nodejs.org installieren und noch einmal starten.`,
  )
}

/** npm packages cannot carry links: PostgreSQL's libraries get theirs. */
const hydratePostgres = () => {
  const script = `import('./embedded/postgres-package.ts').then(({ hydrate, postgresPackage }) => hydrate(postgresPackage()))`
  try {
    execFileSync('node', ['-e', script], { cwd: root, env: withOurNode(), stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    const sentence = /Error: (.*)/.exec(String(error.stderr))?.[1]
    say(sentence ?? String(error))
  }
}

const withOurNode = () => ({ ...process.env, PATH: [join(modules, '.bin'), outsideEnvironment().PATH].join(delimiter) })

/** `npx rundruf` finds the command line where npm looks for commands. */
export const linkCommand = () => {
  const link = join(modules, '.bin/rundruf')
  if (lstatSync(link, { throwIfNoEntry: false })) return
  mkdirSync(join(modules, '.bin'), { recursive: true })
  symlinkSync('../../src/cli.ts', link)
}
