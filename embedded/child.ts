// A server process of our own: started so that it cannot outlive us, recognised when it still runs, ended by its id.
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** Command and arguments, ready for `spawn`. */
export type Command = readonly [string, ...string[]]

export interface Started {
  readonly pid: number
  /** What it wrote lately; for the error when it does not come up. */
  output(): string
  /** True once it has ended. */
  ended(): boolean
  stop(): Promise<void>
}

export interface StartOptions {
  readonly command: Command
  /** Its own directory; also notes there who started it. */
  readonly dir: string
  /** Asks for a quick, clean end: SIGTERM for Redis, SIGINT (fast shutdown) for PostgreSQL. */
  readonly endBy: 'SIGINT' | 'SIGTERM'
  readonly user?: { readonly uid: number; readonly gid: number }
  readonly env?: NodeJS.ProcessEnv
  readonly log?: (line: string) => void
}

/**
 * Wraps a command so that the kernel ends it when the process that started it dies, even by SIGKILL (`setpriv` of util-linux >= 2.33).
 * Where there is no such `setpriv` the server outlives a SIGKILL and is ended by the next start instead: see `leftover`.
 */
export const dyingWithUs = (command: Command, signal: string): Command =>
  // the shell keeps its process id through `exec`, so the id we know is the server's own
  [
    '/bin/sh',
    '-c',
    `if setpriv --pdeathsig ${signal} true 2>/dev/null; then exec setpriv --pdeathsig ${signal} "$@"; else exec "$@"; fi`,
    'sh',
    ...command,
  ]

/** Starts it in a session of its own: Ctrl-C reaches us alone, and we end our servers last. */
export const start = ({ command, dir, endBy, user, env, log }: StartOptions): Started => {
  const child = spawn(command[0], command.slice(1), { cwd: dir, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'], ...user })
  const output: string[] = []
  const keep = (bytes: Buffer): void => {
    const lines = bytes.toString().split('\n').filter(Boolean)
    for (const line of lines) log?.(line)
    output.push(...lines)
    output.splice(0, Math.max(0, output.length - 40))
  }
  child.on('error', (error) => output.push(error.message))
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  doNotWaitFor(child)
  const pid = child.pid ?? 0
  writeFileSync(ownerFile(dir), `${process.pid}\n`)
  const ended = () => pid === 0 || child.exitCode !== null || child.signalCode !== null
  return { pid, output: () => output.join('\n'), ended, stop: () => endChild(child, endBy) }
}

/** A forgotten `stop()` must not keep the process alive: without us the server ends by itself. */
const doNotWaitFor = (child: ChildProcess): void => {
  child.unref()
  for (const stream of [child.stdout, child.stderr]) (stream as unknown as { unref(): void }).unref()
}

const endChild = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  const ended = () => child.exitCode !== null || child.signalCode !== null
  if (child.pid === undefined || ended()) return
  child.kill(signal)
  if (!(await within(20_000, ended))) child.kill('SIGKILL')
  await within(5_000, ended)
}

/** Ends a process that is not our child, and waits until it is gone. */
export const endByPid = async (pid: number, signal: NodeJS.Signals): Promise<void> => {
  if (!isAlive(pid)) return
  process.kill(pid, signal)
  if (!(await within(20_000, () => !isAlive(pid)))) process.kill(pid, 'SIGKILL')
  await within(5_000, () => !isAlive(pid))
}

export type Leftover = { readonly pid: number; readonly kept: boolean }

/**
 * What still runs in `dir` from an earlier start: `kept` when the process that started it lives (a second start on the same
 * directory: use it, do not end it), otherwise an orphan. Undefined when `pid` is gone or has become somebody else's: its
 * command line does not hold `mark`.
 */
export const leftover = (dir: string, pid: number | undefined, mark: string): Leftover | undefined => {
  if (pid === undefined || !isAlive(pid) || !read(`/proc/${pid}/cmdline`)?.includes(mark)) return undefined
  const parent = Number(/^PPid:\s*(\d+)/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1])
  return { pid, kept: parent === Number(read(ownerFile(dir))) }
}

/** Processes of `program` that work in `dir`; none where the system does not tell (no /proc). */
export const workingIn = (dir: string, program: string): readonly number[] => {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    return pids.filter((pid) => linkOf(`/proc/${pid}/cwd`) === dir && read(`/proc/${pid}/cmdline`)?.includes(program)).map(Number)
  } catch {
    return []
  }
}

const linkOf = (path: string): string | undefined => {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

/** A directory for a unix socket: below `dir`, or a private one below the system's temporary folder where the path would be too long. */
export const socketDirectory = (dir: string, socketName: string): string => {
  const near = join(dir, 'run')
  const far = join(tmpdir(), `rundruf-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`)
  // 107 bytes: sun_path of Linux without its closing zero
  const socketDir = Buffer.byteLength(join(near, socketName)) <= 107 ? near : far
  mkdirSync(socketDir, { recursive: true, mode: 0o700 })
  const found = lstatSync(socketDir)
  const ours = found.uid === process.getuid?.() || found.uid === lstatSync(dir).uid
  if (!found.isDirectory() || !ours || (found.mode & 0o077) !== 0) throw new Error(`${socketDir} is not a private directory of ours`)
  return socketDir
}

export const within = async (ms: number, done: () => boolean | Promise<boolean>): Promise<boolean> => {
  const start = performance.now()
  while (!(await done())) {
    if (performance.now() - start > ms) return false
    await pause(5)
  }
  return true
}

export const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const ownerFile = (dir: string): string => join(dir, 'started-by.pid')

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  // a zombie has ended; only its parent has not looked yet
  return !/^State:\s*Z/m.test(read(`/proc/${pid}/status`) ?? '')
}
