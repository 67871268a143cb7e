// Starts processes of our own, to be killed, paused or left to work; none of them outlives its test file.
import { type ChildProcess, spawn } from 'node:child_process'
import { on, once } from 'node:events'
import { resolve } from 'node:path'
import { after } from 'node:test'

export interface DyingWish {
  /** A crash point with its count, `deliver:after-publish:3`; none: it works. */
  readonly point?: string
  /** What happens there: it dies (unless said otherwise), it stands still until SIGCONT, or its event loop is blocked for so long. */
  readonly happens?: 'dies' | 'stops' | { readonly blockedMs: number }
  /** Only at these deliveries, where the point knows the delivery. */
  readonly of?: readonly string[]
  /** It serves nothing but `of`; `from-store`: and takes these, the urgent ones, past the queue, so that it leaves others their jobs. */
  readonly alone?: boolean | 'from-store'
  readonly only?: readonly string[]
  /** Instead of the connectors' own. */
  readonly times?: { readonly budgetSeconds?: number; readonly settleSeconds?: number }
}

export interface Dying {
  readonly process: ChildProcess
  /** Resolves when it works. */
  readonly ready: Promise<void>
  /** Resolves when the last one has come to the point. */
  readonly there: Promise<void>
  /** Resolves with the signal that ended it, or its code. */
  readonly ended: Promise<NodeJS.Signals | number | null>
  kill(): Promise<void>
  /** Lets it go on (after `stops`), finish what it does, and end. */
  finish(): Promise<void>
}

const living = new Set<ChildProcess>()

after(() => {
  for (const worker of living) worker.kill('SIGKILL')
})

type Environment = Readonly<Record<string, string>>

/**
 * A worker (test/support/dying-worker.ts).
 * @param preload a module of test/support that is loaded before everything else, with its query
 */
export const startDying = (environment: Environment, wish: DyingWish, preload?: string): Dying => {
  const modules = preload === undefined ? [] : ['--import', new URL(preload, import.meta.url).href]
  return start([...modules, fileOf('dying-worker.ts'), JSON.stringify(wish)], environment)
}

/** An API (test/support/dying-api.ts) that dies at a crash point of a release or a start; none: it lives. */
export const startDyingApi = (environment: Environment, point = ''): Dying => start([fileOf('dying-api.ts'), point], environment)

const fileOf = (name: string): string => resolve(import.meta.dirname, name)

const start = (argv: readonly string[], environment: Environment): Dying => {
  const worker = spawn(process.execPath, argv, {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
    // who never reaches its point ends with another signal than the one that was meant
    timeout: 300_000,
  })
  living.add(worker)
  const ended = once(worker, 'exit').then(([code, signal]) => {
    living.delete(worker)
    return (signal ?? code) as NodeJS.Signals | number | null
  })
  const said = async (word: string): Promise<void> => {
    for await (const [chunk] of on(worker.stdout, 'data', { close: ['end'] })) if (String(chunk).includes(word)) return
    throw new Error(`the process ended with ${await ended} before it was ${word}`)
  }
  const [ready, there] = [said('ready'), said('there')]
  // only those who wait for it shall hear of a death that was meant
  for (const one of [ready, there]) one.catch(() => {})
  return {
    process: worker,
    ready,
    there,
    ended,
    kill: async () => {
      worker.kill('SIGKILL')
      await ended
    },
    finish: async () => {
      worker.kill('SIGCONT')
      worker.kill('SIGTERM')
      await ended
    },
  }
}
