// `npm run test:teeth`: makes each fault of teeth.ts in a copy of the tree, one at a time, and sees a test go red for it.
// First the same tests run on the untouched copy: only where they are green there does red prove anything.
// `npm run test:teeth -- fence` makes only the faults whose words contain “fence”.
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { startPostgres } from '../../embedded/postgres.ts'
import { dataFolder, wanted } from '../../embedded/programs.mjs'
import { hasty } from '../support/hasty.ts'
import { faulty } from './edit.ts'
import { teeth as all, type Edit, type Tooth } from './teeth.ts'
import { readRun, type Verdict } from './verdict.ts'

const root = resolve(import.meta.dirname, '../..')
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const teeth = all.filter(({ fault }) => fault.includes(process.argv[2] ?? ''))

/** Nothing here takes a quarter of this, and every test has a shorter patience of its own: who is late says nothing. */
const patienceMs = 240_000

/** What git knows or would take, as it stands here now; what the set-up has fetched for this machine is shared. */
const copyTree = (to: string): void => {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean)
  for (const file of files.filter((name) => name !== 'node_modules')) cpSync(join(root, file), join(to, file), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(to, 'node_modules'))
  mkdirSync(join(to, 'data'))
  for (const { folder } of Object.values(wanted))
    if (existsSync(join(dataFolder(), folder))) symlinkSync(join(dataFolder(), folder), join(to, 'data', folder))
}

/** Makes the fault, and gives back what puts everything right again. */
const make = (tree: string, edits: readonly Edit[]): (() => void) => {
  const read = (file: string): string => readFileSync(join(tree, file), 'utf8')
  const after = faulty(edits, read)
  const before = [...after.keys()].map((file) => [file, read(file)] as const)
  for (const [file, text] of after) writeFileSync(join(tree, file), text)
  return () => {
    for (const [file, text] of before) writeFileSync(join(tree, file), text)
  }
}

const stopped = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort())

/** Runs a test file until its end, or until the first test in it fails. */
const runTest = (tree: string, { test, only }: Pick<Tooth, 'test' | 'only'>): Promise<Verdict> =>
  new Promise((done) => {
    const args = ['--test', '--test-reporter=tap', ...(only === undefined ? [] : [`--test-name-pattern=${only}`]), test]
    const child = spawn(process.execPath, args, { cwd: tree, detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
    const reading = readRun(test)
    let because: string | undefined
    const end = (): void => {
      try {
        process.kill(-(child.pid as number), 'SIGKILL')
      } catch {
        // it has ended by itself
      }
    }
    const stop = (reason: string): void => {
      because = reason
      end()
    }
    const timer = setTimeout(stop, patienceMs, `it took longer than ${patienceMs / 1000} s`)
    const onStop = (): void => stop('it was stopped')
    stopped.signal.addEventListener('abort', onStop)
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (reading.read(line)) end()
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      stopped.signal.removeEventListener('abort', onStop)
      const verdict = reading.verdict(code)
      done(because !== undefined && !verdict.red ? { red: null, because } : verdict)
    })
  })

const main = async (): Promise<void> => {
  const scratch = mkdtempSync(join(tmpdir(), 'rundruf-teeth-'))
  chmodSync(scratch, 0o711)
  const [tree, temporary] = [mkdtempSync(join(scratch, 'tree-')), mkdtempSync(join(scratch, 'tmp-'))]
  chmodSync(tree, 0o711)
  chmodSync(temporary, 0o711)
  const postgres = await startPostgres({ dir: join(scratch, 'postgres'), settings: hasty })
  Object.assign(process.env, { RUNDRUF_TEST_POSTGRES: postgres.url, TMPDIR: temporary })
  try {
    copyTree(tree)
    process.exitCode = (await healthy(tree)) && (await bite(tree)) ? 0 : 1
  } finally {
    await postgres.stop()
    rmSync(scratch, { recursive: true, force: true })
  }
}

const healthy = async (tree: string): Promise<boolean> => {
  for (const { edits } of teeth) make(tree, edits)()
  const needed = [...new Map(teeth.map((tooth) => [`${tooth.test} ${tooth.only}`, tooth])).values()]
  for (const tooth of needed) {
    const verdict = await runTest(tree, tooth)
    if (verdict.red === false) continue
    say(`✖ ${tooth.test} is not green without any fault (${wordsOf(verdict)}): the teeth say nothing`)
    return false
  }
  return true
}

const wordsOf = (verdict: Verdict): string => {
  if (verdict.red === null) return verdict.because
  return verdict.red ? verdict.by : 'all green'
}

const bite = async (tree: string): Promise<boolean> => {
  let caught = 0
  for (const tooth of teeth) {
    const began = performance.now()
    if (stopped.signal.aborted) return false
    const restore = make(tree, tooth.edits)
    const verdict = await runTest(tree, tooth).finally(restore)
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    if (verdict.red) caught++
    const mark = verdict.red ? '✔' : '✖ nobody noticed:'
    say(`${mark} ${tooth.fault}: ${wordsOf(verdict)} (${tooth.test}, ${seconds} s)`)
  }
  say(`${caught}/${teeth.length}`)
  return teeth.length > 0 && caught === teeth.length
}

await main()
