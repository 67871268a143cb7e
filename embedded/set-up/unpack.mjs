// A program from the Debian or Ubuntu archive, unpacked below the data directory: nothing on the system changes, no service is
// started, no root is needed, and deleting the folder undoes it. apt checks the signatures as it always does.
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolder } from '../programs.mjs'

/** True where apt can be asked: Debian, Ubuntu and their relatives. */
export const canUnpack = () => ['/usr/bin/apt-get', '/usr/bin/dpkg-deb'].every((tool) => existsSync(tool))

/**
 * Fetches the first package of `debian` and what it needs beyond what is installed, and writes a launcher `<folder>/<name>` for
 * `program` (its path inside the package). The other packages of `debian` are fetched also where they count as installed: they hold what
 * `program` is a link to, or what it reads beside itself. Throws what apt or the program said.
 */
export const unpack = ({ debian, name, program, folder }) => {
  const home = join(dataFolder(), folder)
  const making = `${home}-making`
  const remove = () => {
    for (const path of [making, home]) rmSync(path, { recursive: true, force: true })
  }
  const attempt = (more) => {
    remove()
    fetchPackages(debian, making, more)
    lay(making, { home, name, program })
    run(join(home, name), ['--version'])
  }
  try {
    attempt({})
  } catch {
    try {
      // something counts as installed and is not there, or apt installs nothing because something else lacks what it needs: then all
      // of it comes along, as on a machine that has nothing
      attempt({ 'Dir::State::status': '/dev/null' })
    } catch (error) {
      remove()
      throw error
    }
  }
}

/** Unpacks what was fetched, and puts it in place. */
const lay = (making, { home, name, program }) => {
  const archives = join(making, 'cache/archives')
  for (const file of readdirSync(archives)) {
    // the C library must be the one that the machine's own loader belongs to
    if (file.endsWith('.deb') && !/^libc6_|^libc-bin_/.test(file)) run('dpkg-deb', ['-x', join(archives, file), making])
  }
  for (const rest of ['cache', 'lists']) rmSync(join(making, rest), { recursive: true, force: true })
  writeFileSync(join(making, name), launcher(making, program))
  chmodSync(join(making, name), 0o755)
  writeFileSync(join(making, 'fonts.conf'), fonts(home))
  renameSync(making, home)
}

/** apt with package lists and cache of our own: works without root, and where the system's lists were removed. */
const fetchPackages = (packages, making, more) => {
  for (const folder of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(making, folder), { recursive: true })
  const settings = {
    'Dir::State::lists': join(making, 'lists'),
    'Dir::Cache': join(making, 'cache'),
    'Debug::NoLocking': 'true',
    'APT::Sandbox::User': 'root',
    'Acquire::Retries': '2',
    'Acquire::http::Timeout': '20',
    'Acquire::Languages': 'none',
    ...more,
  }
  const archives = join(making, 'cache/archives')
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`])
  const apt = (...args) => run('apt-get', [...options, '-qq', ...args], archives)
  apt('update')
  apt('-y', 'install', '--download-only', '--no-install-recommends', packages[0])
  const isHere = (name) => readdirSync(archives).some((file) => file.startsWith(`${name}_`) && file.endsWith('.deb'))
  for (const name of packages) if (!isHere(name)) apt('download', name)
}

/** Shell: finds its libraries beside itself, wherever the folder stands; fonts too, where the machine has none. */
const launcher = (making, program) => {
  const libraries = ['lib', 'usr/lib'].flatMap((folder) => libraryFolders(making, folder))
  return `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="${libraries.map((folder) => `$here/${folder}`).join(':')}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/${program}" "$@"
`
}

/** The fonts that came along, for a machine that has no font configuration at all. */
const fonts = (home) => `<fontconfig><dir>${home}/usr/share/fonts</dir><cachedir>${home}/font-cache</cachedir></fontconfig>\n`

/** `folder` itself and its folders for an architecture (`x86_64-linux-gnu`), with those directly below them (`nss`, `blas`). */
const libraryFolders = (making, folder) => {
  const below = (path) =>
    existsSync(join(making, path))
      ? readdirSync(join(making, path), { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map((entry) => `${path}/${entry.name}`)
      : []
  const machine = below(folder).filter((path) => path.endsWith('-linux-gnu'))
  const libraries = [...machine, ...machine.flatMap(below), folder]
  return libraries.filter((path) => existsSync(join(making, path)) && readdirSync(join(making, path)).some((file) => file.includes('.so')))
}

const run = (command, args, cwd = process.cwd()) =>
  execFileSync(command, args, {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
  })
