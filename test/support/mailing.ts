// A mailing in memory, for tests of connectors: one subscriber unless more are wanted; the store's own has tests on PostgreSQL.
import type { Mailing, MailingStand, Outcome } from '../../src/connector/mailing.ts'

interface Row {
  readonly id: string
  readonly address: string
  readonly messageId: string
  state: Outcome['state'] | 'taken'
  words: string
  tries: number
  /** On the clock of `performance.now()`. */
  dueAt: number
}

export interface TestMailing extends Mailing {
  /** What the rows of a mailing say now. */
  rows(key: string): readonly Readonly<Pick<Row, 'address' | 'state' | 'words' | 'tries' | 'messageId'>>[]
  /** From now on nobody is given out any more. */
  stop(why: MailingStand['stopped']): void
  /** Lets everybody's time come who was put off. */
  hurry(): void
}

/** A UUID for each subscriber, by their place in the list. */
const idOf = (place: number): string => `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`

export const aMailing = (addresses: readonly string[] = ['anna@buerger.example']): TestMailing => {
  const mailings = new Map<string, Row[]>()
  let stopped: MailingStand['stopped'] = null
  const rowsOf = (key: string): Row[] => mailings.get(key) ?? []
  const standOf = (key: string): MailingStand => {
    const count = (state: Row['state']) => rowsOf(key).filter((row) => row.state === state).length
    const due = rowsOf(key).flatMap(({ state, dueAt }) => (state === 'open' ? [dueAt] : []))
    const waitMs = due.length === 0 ? 0 : Math.max(Math.min(...due) - performance.now(), 0)
    return {
      ...{ sent: count('sent'), refused: count('refused'), unclear: count('unclear'), taken: count('taken') },
      ...{ open: count('open'), waitMs, stopped },
    }
  }
  return {
    begin: async (key, host) => {
      const fresh = addresses.map(
        (address, place): Row => ({
          ...{ id: idOf(place), address, messageId: `<${key}.${idOf(place)}@${host}>` },
          ...{ state: 'open', words: '', tries: 0, dueAt: 0 },
        }),
      )
      if (!mailings.has(key)) mailings.set(key, fresh)
      for (const row of rowsOf(key)) if (row.state === 'taken') row.state = 'unclear'
      return standOf(key)
    },
    take: async (key, thread) => {
      const row = stopped === null ? rowsOf(key).find(({ state, dueAt }) => state === 'open' && dueAt <= performance.now()) : undefined
      if (row === undefined) return undefined
      row.state = 'taken'
      row.tries += 1
      const earlier = thread.flatMap((one) =>
        rowsOf(one).filter(({ id, state }) => id === row.id && state !== 'open' && state !== 'refused'),
      )
      return {
        ...row,
        earlier: earlier.map(({ messageId }) => messageId),
        unsubscribe: `https://rundruf.example/bonn/newsletter/unsubscribe/${row.id}`,
      }
    },
    mark: async (key, recipient, outcome) => {
      const row = rowsOf(key).find(({ id }) => id === recipient)
      if (!row) return
      row.state = outcome.state
      row.words = 'words' in outcome ? outcome.words : ''
      if (outcome.state === 'open') row.dueAt = performance.now() + outcome.afterMs
    },
    stand: async (key) => standOf(key),
    subscribers: async () => addresses.length,
    rows: rowsOf,
    stop: (why) => {
      stopped = why
    },
    hurry: () => {
      for (const row of [...mailings.values()].flat()) row.dueAt = 0
    },
  }
}
