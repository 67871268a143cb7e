// The set-up on Debian machines with each half of Redis installed, imitated by an apt-get and packages of the test's own: the program itself is brought.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'

const root = resolve(import.meta.dirname, '../..')
const noDebian = existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-deb') ? false : 'this machine is no Debian'

/**
 * As apt-get 2.6 of Debian 12 was seen to behave: `install` fetches what does not count as installed, and nothing at all where an
 * installed package lacks what it needs; `download` fetches what is named; with an empty status everything is to be fetched.
 */
const fakeApt = (archive: string, installed: readonly string[]): string => `#!/bin/sh
installed=" ${installed.join(' ')} "
case "$*" in *Dir::State::status=/dev/null*) installed=" ";; esac
broken=no
case "$installed" in *" redis-server "*) case "$installed" in *" redis-tools "*) ;; *) broken=yes;; esac;; esac
fetch() { cp ${archive}/$1_1_all.deb . ; }
while [ "$1" = -o ]; do shift 2; done
shift # -qq
case "$1" in
  update) ;;
  download) fetch "$2" ;;
  -y)
    [ $broken = yes ] && { echo "E: Unmet dependencies." >&2; exit 100; }
    for name in redis-server redis-tools; do case "$installed" in *" $name "*) ;; *) fetch $name;; esac; done ;;
esac
`

describe('the set-up brings Redis', { skip: noDebian }, () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rundruf-set-up-'))
    aPackage('redis-server', (bin) => symlinkSync('redis-check-rdb', join(bin, 'redis-server')))
    aPackage('redis-tools', (bin) => {
      writeFileSync(join(bin, 'redis-check-rdb'), '#!/bin/sh\necho "Redis server v=7.0.15"\n')
      chmodSync(join(bin, 'redis-check-rdb'), 0o755)
    })
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  /** As Debian divides them: one has the link, the other what it points to. */
  const aPackage = (name: string, fill: (bin: string) => void): void => {
    const tree = join(folder, name)
    mkdirSync(join(tree, 'DEBIAN'), { recursive: true })
    mkdirSync(join(tree, 'usr/bin'), { recursive: true })
    writeFileSync(
      join(tree, 'DEBIAN/control'),
      `Package: ${name}\nVersion: 1\nArchitecture: all\nMaintainer: a <a@example.org>\nDescription: a\n`,
    )
    fill(join(tree, 'usr/bin'))
    execFileSync('dpkg-deb', ['-b', tree, join(folder, `${name}_1_all.deb`)], { stdio: 'ignore' })
  }

  for (const [machine, installed] of [
    ['neither half of it', []],
    ['redis-tools alone', ['redis-tools']],
    ['redis-server alone, whose link leads nowhere', ['redis-server']],
    ['both, and the program is not on the PATH', ['redis-server', 'redis-tools']],
  ] as const)
    it(`on a machine with ${machine}`, () => {
      const here = mkdtempSync(join(folder, 'machine-'))
      writeFileSync(join(here, 'apt-get'), fakeApt(folder, installed))
      chmodSync(join(here, 'apt-get'), 0o755)
      const script = `import { unpack } from ${JSON.stringify(join(root, 'embedded/set-up/unpack.mjs'))}
        unpack({ debian: ['redis-server', 'redis-tools'], name: 'redis-server', program: 'usr/bin/redis-server', folder: 'redis-bin' })`
      const env = { ...process.env, PATH: `${here}:${process.env.PATH}`, RUNDRUF_DATA: join(here, 'data') }
      mkdirSync(join(here, 'data'))
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { env, stdio: 'pipe' })
      const said = execFileSync(join(here, 'data/redis-bin/redis-server'), ['--version'], { encoding: 'utf8' })
      assert.match(said, /Redis server/)
    })
})
