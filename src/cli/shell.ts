// What every verb works with: the service once it is needed, sentences and JSON to the right stream, the page to draw on.
import { styleText } from 'node:util'
import { type Api, connectTo } from './api.ts'
import { whileDoing } from './progress.ts'
import type { ExitCode, Surroundings } from './surroundings.ts'
import type { Page } from './table.ts'
import { findService } from './whereabouts.ts'

export interface Shell {
  readonly surroundings: Surroundings
  readonly page: Page
  /** @throws NotReached, WrongUsage */
  api(): Promise<Api>
  /** A line on standard output. */
  say(text: string): void
  /** A line on standard error, for what goes wrong or on meanwhile. */
  tell(text: string): void
  /** The one JSON value of a `--json` call. */
  json(value: unknown): void
  /** Shows on a terminal that something takes its time; `say` changes the sentence. */
  during<T>(sentence: string, work: (say: (sentence: string) => void) => Promise<T>): Promise<T>
  /** Makes a verb of the command line: what it returns is how the process ends. */
  verb<Arguments extends readonly unknown[]>(work: (...args: Arguments) => Promise<ExitCode>): (...args: Arguments) => Promise<void>
}

const narrowest = 60
/** Also the width in a pipe. */
const widest = 120

export const openShell = (surroundings: Surroundings, end: (code: ExitCode) => void): Shell => {
  const { out, err } = surroundings
  const width = Math.max(narrowest, Math.min(out.isTTY ? (out.columns ?? 80) : widest, widest))
  return {
    surroundings,
    page: { width, paint: (colour, text) => styleText(colour, text, { stream: out }) },
    api: async () => connectTo(await findService(await surroundings.house())),
    say: (text) => void out.write(`${text}\n`),
    tell: (text) => void err.write(`${text}\n`),
    json: (value) => void out.write(`${JSON.stringify(value, null, 2)}\n`),
    during: (sentence, work) => whileDoing(err, sentence, work),
    verb:
      (work) =>
      async (...args) =>
        end(await work(...args)),
  }
}
