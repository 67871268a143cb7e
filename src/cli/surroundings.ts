// What the command line is given by the house around it: where the service answers, the three streams, and what runs without the service.
import type { Readable, Writable } from 'node:stream'
import type { CityCheck } from '../policy/city-check.ts'

/** 0: done; 1: something is still open or failed; 2: wrong usage or refused; 3: the service cannot be reached. */
export type ExitCode = 0 | 1 | 2 | 3

export interface BackedUp {
  readonly file: string
  /** The moment of the store that it holds, ISO 8601. */
  readonly at: string
  readonly bytes: number
  /** The file with the keys, readable for its owner alone; null where this installation has none. */
  readonly keys: string | null
}

export interface RestoredStore {
  readonly at: string | null
  /** Deliveries that may have left since the backup. */
  readonly unclear: number
  /** Key files that were missing here and were put back. */
  readonly keys: readonly string[]
}

/** What of Rundruf this process shall be; `only` names the platforms that `work` serves, null means all. */
export interface Roles {
  readonly roles: 'serve' | 'work' | 'all'
  readonly only: readonly string[] | null
}

/** A stream to a person or to a pipe. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number }

/** The installation that the command line stands in; main.ts makes it. */
export interface House {
  /** The service's address (`RUNDRUF_URL`); null: the one that runs from the data directory. */
  readonly url: string | null
  /** The API key (`RUNDRUF_KEY`); null: the running rehearsal's. */
  readonly key: string | null
  /** The data directory, in which a running Rundruf leaves `run.json`. */
  readonly data: string
  /** The folder of city files that `cities check` reads when none is named. */
  readonly cities: string
  /** Reads every city file of a folder; never throws for what a file says. @throws Refusal for a folder without files */
  checkCities(folder: string): Promise<readonly CityCheck[]>
  /** Writes the store to `file`, and the keys of this installation to a file beside it. @throws Refusal */
  backup(file: string): Promise<BackedUp>
  /** Fills the store from `file` (null: it was restored by other means), and lets sending rest. @throws Refusal */
  restore(file: string | null, wish: { readonly replace: boolean; readonly unsigned: boolean }): Promise<RestoredStore>
  /** Starts the roles; resolves when they run (the process then lives on by itself). */
  start(roles: Roles): Promise<void>
}

export interface Surroundings {
  readonly in: Readable & { readonly isTTY?: boolean }
  readonly out: Output
  readonly err: Output
  /** Asked only by verbs that need it, so that help costs nothing. @throws Refusal for a wrong environment */
  house(): Promise<House>
}
