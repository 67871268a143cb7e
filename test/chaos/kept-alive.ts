// A process that is started again whenever it ends, as a city's service manager would do it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { dyingWithUs } from '../../embedded/child.ts'

export interface KeptAlive {
  /** SIGKILL; false when it was just not running, or not ready yet (`early`: then too). */
  kill(early: boolean): boolean
  /** How often it ended without being asked to: by a kill, or because it could not start. */
  readonly ends: number
  stop(): Promise<void>
}

export interface Program {
  /** The script and its arguments, for this same Node. */
  readonly script: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** A file that gets all it says. Its first word says that it is ready. */
  readonly log: string
}

/** How long a service manager waits before it starts again, in milliseconds. */
const restMs = 100

export const keepAlive = ({ script, environment, log }: Program): KeptAlive => {
  const words = createWriteStream(log, { flags: 'a' })
  const [command, ...args] = dyingWithUs([process.execPath, ...script], 'KILL')
  let child: ChildProcess | undefined
  let rest: NodeJS.Timeout | undefined
  let ready = false
  let stopped = false
  let ends = 0

  const start = (): void => {
    ready = false
    child = spawn(command, args, { env: { PATH: process.env.PATH, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout?.once('data', () => (ready = true))
    child.stdout?.pipe(words, { end: false })
    child.stderr?.pipe(words, { end: false })
    child.once('exit', () => {
      child = undefined
      if (stopped) return
      ends++
      rest = setTimeout(start, restMs)
    })
  }
  start()
  return {
    kill: (early) => (ready || early) && (child?.kill('SIGKILL') ?? false),
    get ends() {
      return ends
    },
    stop: async () => {
      stopped = true
      clearTimeout(rest)
      const ended = child && once(child, 'exit')
      child?.kill('SIGKILL')
      await ended
      words.end()
    },
  }
}
