// `npm test`: types, lint, then every test file, on one PostgreSQL; ends with the count alone on a line.
// `node test/run.ts properties` runs the files with properties under a seed of its own, which it names; all else has one seed, or RUNDRUF_SEED.
// `node test/run.ts service` runs the test files of one folder, `node test/run.ts service/relay` those whose path begins so.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import type { EventData } from 'node:test'
import { run } from 'node:test'
import { inspect } from 'node:util'
import { startPostgres } from '../embedded/postgres.ts'
import { hasty } from './support/hasty.ts'

const root = resolve(import.meta.dirname, '..')
/** Quick ones first, so that a mistake shows early. */
const order = ['house', 'unit', 'contract', 'connectors', 'service', 'crash', 'e2e']

/** Of every property, unless RUNDRUF_SEED names another: a run that was green stays green. */
const seedOfAll = 20261130

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const testFiles = (wanted: string | undefined): readonly string[] =>
  globSync('**/*.test.ts', { cwd: import.meta.dirname })
    .filter((file) => wanted === undefined || (wanted === properties ? hasProperties(file) : file.startsWith(wanted)))
    .sort((one, other) => rank(one) - rank(other) || one.localeCompare(other))
    .map((file) => join(import.meta.dirname, file))

/** What `npm run test:chaos` asks for first: the files with properties, under a seed that nobody has chosen. */
const properties = 'properties'

const hasProperties = (file: string): boolean => readFileSync(join(import.meta.dirname, file), 'utf8').includes(`from 'fast-check'`)

const rank = (file: string): number => {
  const place = order.findIndex((part) => file.startsWith(part))
  return place < 0 ? order.length : place
}

/** True when the tool found nothing to complain about; what it says is shown otherwise. */
const passes = (title: string, command: string, args: readonly string[]): boolean => {
  const { status, stdout, stderr, error } = spawnSync(join(root, 'node_modules/.bin', command), args, { cwd: root, encoding: 'utf8' })
  say(`${status === 0 ? '✔' : '✖'} ${title}`)
  if (status !== 0) say(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`)
  return status === 0
}

interface Count {
  passed: number
  failed: number
  readonly skipped: string[]
}

/** Runs the files, two at a time, and says of each file how it went, of each failure all that is known. */
const runTests = (files: readonly string[], signal: AbortSignal): Promise<Count> =>
  new Promise((done, fail) => {
    const count: Count = { passed: 0, failed: 0, skipped: [] }
    const output = new Map<string, string[]>()
    const wrote = ({ file, message }: EventData.TestStdout | EventData.TestStderr): void => {
      output.set(file, [...(output.get(file) ?? []), message])
    }
    // a guard against what hangs for ever: it holds for whole suites too, and the crash points need minutes
    const tests = run({
      ...{ files: [...files], concurrency: 2, timeout: 1_800_000, signal },
      execArgv: ['--import', join(import.meta.dirname, 'support/seed.ts')],
    })
    tests.on('test:stdout', wrote)
    tests.on('test:stderr', wrote)
    tests.on('test:pass', (test) => {
      const reason = test.skip ?? test.todo
      if (reason !== undefined) count.skipped.push(`${nameOf(test)}: ${reason === true ? 'no reason given' : reason}`)
      else if (test.details.type !== 'suite') count.passed++
    })
    tests.on('test:fail', (test) => {
      // a suite fails because of the tests in it, which have been counted, or on its own (a hook)
      const error: Error & { failureType?: string } = test.details.error
      if (error.failureType === 'subtestsFailed') return
      count.failed++
      say(`\n✖ ${nameOf(test)}\n${inspect(error.cause instanceof Error ? error.cause : error)}\n`)
    })
    tests.on('test:summary', ({ file, counts, success, duration_ms: ms }) => {
      if (file === undefined) return
      if (!success) say((output.get(file) ?? []).join(''))
      output.delete(file)
      say(`${success ? '✔' : '✖'} ${relative(root, file)} (${counts.tests}, ${(ms / 1000).toFixed(1)} s)`)
    })
    tests.on('error', fail)
    tests.on('end', () => {
      // a file that broke before its first test has no summary
      for (const [file, lines] of output) say(`${relative(root, file)}:\n${lines.join('')}`)
      done(count)
    })
    tests.resume()
  })

const nameOf = ({ file, line, name }: { file?: string | undefined; line?: number | undefined; name: string }): string =>
  file === undefined ? name : `${relative(root, file)}${line === undefined ? '' : `:${line}`}: ${name}`

const sayClosing = ({ passed, failed, skipped }: Count): void => {
  for (const reason of skipped) say(`skipped: ${reason}`)
  const specifications = resolve(root, process.env.RUNDRUF_SPECS ?? '../shared/specs')
  if (!existsSync(specifications)) {
    say("absent: the platforms' published descriptions (RUNDRUF_SPECS names their folder); what is checked against them was left out.")
  }
  say(`${passed} passed, ${failed} failed, ${skipped.length} skipped`)
}

const main = async (): Promise<void> => {
  const wanted = process.argv[2]?.replace(/^(\.\/)?test\//, '')
  const files = testFiles(wanted)
  if (files.length === 0) throw new Error(`no test file begins with ${wanted}`)
  process.env.RUNDRUF_SEED ??= String(wanted === properties ? Math.floor(Math.random() * 2 ** 31) : seedOfAll)
  say(`seed of the properties: ${process.env.RUNDRUF_SEED} (again: RUNDRUF_SEED=${process.env.RUNDRUF_SEED})`)
  const sound = wanted !== undefined || [passes('types', 'tsc', ['--noEmit']), passes('lint', 'biome', ['check'])].every(Boolean)
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort())
  const folders = ['rundruf-postgres-', 'rundruf-tests-'].map((name) => mkdtempSync(join(tmpdir(), name)))
  const [postgresDir, scratch] = folders as [string, string]
  // PostgreSQL may have to run as somebody else, who must be let through
  chmodSync(scratch, 0o711)
  const postgres = await startPostgres({ dir: postgresDir, settings: hasty })
  process.env.RUNDRUF_TEST_POSTGRES = postgres.url
  process.env.TMPDIR = scratch
  // two hundred files start hundreds of processes, and most of a start is reading the same sources
  process.env.NODE_COMPILE_CACHE = join(scratch, 'compiled')
  try {
    const count = await runTests(files, stopped.signal)
    sayClosing(count)
    process.exitCode = sound && count.failed === 0 && !stopped.signal.aborted ? 0 : 1
  } finally {
    await postgres.stop()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
}

await main()
