// Figures that tests measure on their way, for the record: one line each in the file that RUNDRUF_FIGURES names, nothing where it names none.
import { appendFileSync } from 'node:fs'

export interface Figure {
  readonly name: string
  readonly value: number
}

/**
 * Notes a measured value; `bench/reliability.ts` says how the values of a name become one figure. Times are milliseconds, and their
 * names end in `Ms`. The value is not asserted here: a promise with a time limit has its own assertion.
 */
export const figure = (name: string, value: number): void => {
  const file = process.env.RUNDRUF_FIGURES
  if (file) appendFileSync(file, `${JSON.stringify({ name, value } satisfies Figure)}\n`)
}
