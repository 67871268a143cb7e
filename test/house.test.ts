// Guards the plan of the house: who may see whom, what is pure, where SQL, queue and vendors live, and that what a page names is there.
import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { migrations } from '../src/store/migrate.ts'
import { exists, filesEnding, packageOf, read, root, type Source, sources } from './support/source.ts'

const all = sources()
const within = (...rooms: readonly string[]): readonly Source[] => all.filter((file) => rooms.includes(file.room))
const outside = (...rooms: readonly string[]): readonly Source[] => all.filter((file) => !rooms.includes(file.room))
const none = (found: readonly string[], rule: string): void => assert.deepEqual(found, [], rule)

/** The two files that know them all: `main.ts`, and `join.ts`, in which it puts the parts together. */
const entrance = ['src/main.ts', 'src/join.ts']
const core = ['src/announcement', 'src/connector', 'src/policy', 'src/rendering', 'src/planning', 'src/delivery']
const doors = ['src/http', 'src/pages', 'src/newsroom', 'src/cli']

/** What each room may see; a room that is not listed may see everything. `src/connector` is seen by everyone in `src/`. */
const maySee: Readonly<Record<string, readonly string[]>> = {
  'src/announcement': [],
  'src/connector': [],
  'src/policy': ['src/announcement'],
  'src/rendering': ['src/announcement', 'src/policy'],
  'src/delivery': ['src/announcement', 'src/planning'],
  'src/planning': ['src/announcement', 'src/policy', 'src/rendering', 'src/delivery'],
  'src/observing': core,
  'src/media': ['src/announcement', 'src/policy', 'src/rendering'],
  // the shapes that commands show and the roles that they ask for, as types alone (see the test below)
  'src/store': [...core, 'src/observing', 'src/commands'],
  'src/access': [...core, 'src/store', 'src/commands'],
  'src/commands': [...core, 'src/store', 'src/access', 'src/observing', 'src/media'],
  'src/pages': [...core, 'src/commands', 'src/access'],
  'src/newsroom': [...core, 'src/commands', 'src/access', 'src/store', 'src/pages', 'src/observing'],
  'src/http': [...core, 'src/commands', 'src/access', 'src/store', 'src/pages', 'src/observing'],
  'src/cli': [...core, 'src/commands', 'src/pages'],
  'src/cli.ts': ['src/cli', 'src/main.ts'],
  connectors: [],
  workers: [...core, 'src/commands', 'src/store', 'src/observing'],
  lab: [],
  config: ['src/announcement', 'src/policy'],
  // where its queue lies, as a type alone
  embedded: ['workers'],
}

/** Packages that live in one place, so that they can be exchanged there. */
const homes: Readonly<Record<string, readonly string[]>> = {
  bullmq: ['workers'],
  ioredis: ['workers'],
  'rate-limiter-flexible': ['workers'],
  '@atproto/api': ['connectors/bluesky'],
  'twitter-api-v2': ['connectors/x'],
  'whatsapp-web.js': ['connectors/whatsapp'],
  nodemailer: ['connectors/email'],
  pg: ['src/store', 'embedded'],
  fastify: ['src/http', 'src/pages', 'src/newsroom'],
  'prom-client': ['src/observing'],
  pino: ['src/observing', ...entrance],
  yaml: ['config'],
  commander: ['src/cli'],
  sharp: ['src/media'],
  'opentype.js': ['src/media'],
  hyphen: ['src/media'],
  'file-type': ['src/media', 'lab'],
  'heic-decode': ['src/media'],
  ora: ['src/cli'],
  qrcode: ['src/cli', 'src/http'],
}

describe('who may see whom', () => {
  for (const [room, seen] of Object.entries(maySee)) {
    test(`${room} sees ${seen.length === 0 ? 'no other room' : 'only what is below it'}`, () => {
      const allowed = new Set([room, ...seen, ...(room === 'lab' || room === 'embedded' ? [] : ['src/connector'])])
      const against = within(room).flatMap((file) =>
        file.imports
          .filter(({ path }) => path !== null && !allowed.has(roomOrFile(path)))
          .map(({ path }) => `${file.path} imports ${path}`),
      )
      none(against, `${room} may see: ${[...allowed].join(', ')}`)
    })
  }

  test('the store takes types, and nothing that runs, from the commands', () => {
    const found = within('src/store').flatMap((file) =>
      file.imports
        .filter(({ path, typeOnly }) => path?.startsWith('src/commands/') && !typeOnly)
        .map(({ path }) => `${file.path} imports ${path}`),
    )
    none(found, 'commands call the store, never the other way round')
  })

  test('only the entrance knows connectors, workers, lab, config and the embedded servers', () => {
    const found = all
      .filter((file) => file.path.startsWith('src/') && !entrance.includes(file.path))
      .flatMap((file) =>
        file.imports.filter(({ path }) => path !== null && !path.startsWith('src/')).map(({ path }) => `${file.path} imports ${path}`),
      )
    none(found, 'they are handed in')
  })

  test('no door reaches through another', () => {
    const found = within(...doors).flatMap((file) =>
      file.imports
        .filter(({ path }) => path !== null && (path.startsWith('src/http/') || path.startsWith('src/cli/')))
        .filter(({ path }) => !path?.startsWith(`${file.room}/`))
        .map(({ path }) => `${file.path} imports ${path}`),
    )
    none(found, 'HTTP, pages and command line are three doors to the same commands')
  })

  test('no file imports itself by way of others', () => {
    const importsOf = new Map(
      outside('test', 'bench').map(({ path, imports }) => [path, imports.flatMap(({ path: other }) => other ?? [])]),
    )
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (path: string, way: readonly string[]): void => {
      if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' > '))
      if (way.includes(path) || done.has(path)) return
      for (const other of importsOf.get(path) ?? []) visit(other, [...way, path])
      done.add(path)
    }
    for (const path of importsOf.keys()) visit(path, [])
    none(circles, 'what both need lies below them, in a file of its own')
  })

  test('packages stay in their rooms', () => {
    const found = outside('test', 'bench').flatMap((file) =>
      file.imports
        .filter(({ path, from }) => path === null && homes[packageOf(from)]?.every((home) => !file.path.startsWith(home)))
        .map(({ from }) => `${file.path} imports ${from}`),
    )
    none(found, 'the package has one home')
  })
})

describe('purity', () => {
  const pure = ['src/announcement', 'src/policy', 'src/rendering', 'src/planning', 'src/delivery']
  const impure =
    /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandomUUID\b|\bperformance\.|\bTemporal\.Now\b|\bawait\b|\basync\b|\bset(?:Timeout|Interval|Immediate)\b|\bfetch\(|\bprocess\./

  for (const room of pure) {
    test(`${room} has no clock, no random, no waiting`, () => {
      none(
        within(room).flatMap((file) => (impure.exec(file.code) ?? []).map((word) => `${file.path}: ${word}`)),
        'what it needs of the world is an argument',
      )
    })

    test(`${room} touches no file, no network and no process`, () => {
      const found = within(room).flatMap((file) =>
        file.imports.filter(({ from }) => from.startsWith('node:') && from !== 'node:crypto').map(({ from }) => `${file.path}: ${from}`),
      )
      none(found, 'of Node only its hashes')
    })
  }

  test('process.env is read in config/ alone', () => {
    // embedded/ runs before config exists and looks along the PATH; test/ and bench/ choose their peers by it
    const found = outside('config', 'embedded', 'test', 'bench').filter(({ code }) => /\bprocess\.env\b/.test(code))
    none(
      found.map(({ path }) => path),
      'everything else is handed what it needs',
    )
    assert.equal(within('config').filter(({ code }) => /\bprocess\.env\b/.test(code)).length, 1, 'one file of config/ reads it')
  })

  test('SQL is written in src/store/ alone', () => {
    const asks = /\bsql`|\bsql\.raw\b|\.(?:selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(/
    const found = outside('src/store', 'embedded', 'test', 'bench').filter(
      (file) => asks.test(file.code) || file.imports.some(({ from, typeOnly }) => from === 'kysely' && !typeOnly),
    )
    none(
      found.map(({ path }) => path),
      'one place knows the tables',
    )
  })

  test('only workers/queue.ts adds jobs', () => {
    const found = outside('test', 'bench').filter(
      (file) => file.path !== 'workers/queue.ts' && /\bqueue\.(?:add|addBulk)\(/.test(file.code),
    )
    none(
      found.map(({ path }) => path),
      'a job without its priority would overtake a warning',
    )
  })
})

describe('every connector', () => {
  const names = globSync('connectors/*', { cwd: root })
    .map((path) => path.replace(/^connectors\/|\.ts$/g, ''))
    .filter((name) => name !== 'index')
  const tests = filesEnding('.test.ts')

  for (const name of names) {
    const file = exists(`connectors/${name}.ts`) ? `./${name}.ts` : `./${name}/index.ts`

    test(`${name} has a line in the registry`, { skip: !exists('connectors/index.ts') && 'there is no registry yet' }, () => {
      assert.ok(read('connectors/index.ts').includes(`'${file}'`), `connectors/index.ts does not import ${file}`)
    })

    // the newsroom is no platform outside: it is a room of this house, and tests publish to the real one
    if (name !== 'newsroom') {
      test(`${name} has its stand-in in the lab`, { skip: !exists('lab') && 'there is no lab yet' }, () => {
        assert.ok(exists(`lab/${name}.ts`) || exists(`lab/${name}/index.ts`), `lab/${name}.ts is missing`)
      })
    }

    test(`${name} has a test`, {
      skip: !tests.some((path) => path.startsWith('test/connectors/')) && 'there are no connector tests yet',
    }, () => {
      assert.ok(
        tests.some((path) => path.startsWith(`test/connectors/${name}`)),
        `no file test/connectors/${name}*.test.ts`,
      )
    })
  }
})

describe('what is written down', () => {
  const pages = filesEnding('.md').filter((path) => !path.startsWith('test/'))

  for (const page of pages) {
    test(`every path that ${page} names is there`, () => {
      const missing = namedPaths(read(page)).filter((path) => !isThere(path, dirname(page)))
      none(missing, 'a renamed file is renamed in its page too')
    })
  }

  test('every file says in its first line what it is for', () => {
    none(
      all.filter(({ text }) => !/^(?:#!.*\n)?\/\/ \S/.test(text)).map(({ path }) => path),
      'one sentence, as a comment',
    )
  })

  test('no file is longer than a person reads at once', () => {
    // a test file is a list of sentences that do not depend on one another: it may be longer
    const found = all
      .map(({ path, room, text }) => ({ path, lines: text.split('\n').length - 1, most: room === 'test' ? 500 : 300 }))
      .filter(({ lines, most }) => lines > most)
    none(
      found.map(({ path, lines, most }) => `${path}: ${lines} lines, at most ${most}`),
      'split it where it has two subjects',
    )
  })

  test('every migration is in the list, in order', () => {
    const files = filesEnding('.ts')
      .filter((path) => path.startsWith('src/store/migrations/'))
      .map((path) => path.replace(/^.*\/|\.ts$/g, ''))
    assert.deepEqual(Object.keys(migrations), files)
  })

  test("no file names a place of somebody's machine", () => {
    const machine = new RegExp(
      `(?<![\\w.:-])/(?:${['work', 'root', 'home/[a-z]+', 'Users/[A-Za-z]+', 'tmp/brief'].join('|')})(?:/|\\b\\.md)`,
    )
    const found = filesEnding('.ts', '.mjs', '.mts', '.md', '.json', '.yaml', '.css', 'Dockerfile', 'run').filter(
      (path) => path !== 'package-lock.json' && machine.test(read(path)),
    )
    none(found, 'it must work wherever it is cloned')
  })

  test('the lock takes packages from the registry alone, and by their hash', () => {
    const lock: { packages: Record<string, { resolved?: string; integrity?: string; optional?: boolean; link?: boolean }> } = JSON.parse(
      read('package-lock.json'),
    )
    const packages = Object.entries(lock.packages).filter(([path]) => path !== '')
    const elsewhere = packages.filter(
      ([, { resolved, link }]) => link || (resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/')),
    )
    none(
      elsewhere.map(([path]) => path),
      'no git, no http, no folder',
    )
    // a package for a foreign platform may be in the lock by name and version alone: it is never installed here
    none(
      packages.filter(([, { integrity, optional }]) => !integrity && !optional).map(([path]) => path),
      'no package without a hash',
    )
  })
})

/** `src/store` for a file in it, `src/main.ts` for one directly below `src`. */
function roomOrFile(path: string): string {
  const parts = path.split('/')
  return parts[0] === 'src' ? parts.slice(0, 2).join('/') : (parts[0] ?? '')
}

/** What stands in backticks and can only be a path: it ends like a file or a folder, or begins with one of our folders. */
function namedPaths(page: string): readonly string[] {
  const quoted = [...page.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\s]+)`/g)].map(([, path = '']) => path)
  return quoted.filter(
    (path) =>
      /^[\w.@*{},/-]+$/.test(path) &&
      !/^(?:\/|data\/|node_modules\/)/.test(path) &&
      (/\.(?:ts|mjs|md|ya?ml|json|css|sh)$/.test(path) || /\w\/$/.test(path) || (path.includes('/') && exists(path.split('/')[0] ?? ''))),
  )
}

/** Beside the page or from the root; `*` and `{a,b}` stand for at least one file. */
function isThere(path: string, folder: string): boolean {
  return [path, join(folder, path)].some((place) => exists(place) || globSync(place, { cwd: root }).length > 0)
}
