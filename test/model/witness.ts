// A witness of one rule: what surely did not leave, and is overtaken, never leaves. It is told of every verb, sees every claim and every act,
// knows no more than the house can know, and names each breach.
import type { AnyConnector } from '../../src/connector/connector.ts'
import type { Ledger } from '../../src/store/ledger.ts'

export interface Witness {
  /** The same ledger, watched. */
  ledger(ledger: Ledger): Ledger
  /** The same connector, watched. */
  connector(connector: AnyConnector): AnyConnector
  /** From now on something later makes these deliveries pointless. */
  overtaken(ids: readonly string[]): void
  /** A person has looked: nothing of it is there. */
  notThere(id: string): void
  /** What left all the same: the delivery and what was done. Told once. */
  breaches(): readonly string[]
}

interface Seen {
  /** When the house last could notice that it is overtaken: at its claim, or after its look. */
  asked: number
  /** An attempt before this one may have left something there. */
  before: boolean
  /** The same, this one included. */
  mayStand: boolean
}

export const openWitness = (): Witness => {
  let moment = 0
  const seen = new Map<string, Seen>()
  const overtakenAt = new Map<string, number>()
  const breaches: string[] = []

  const left = (id: string, what: string): void => {
    const { asked, before } = seen.get(id) ?? { asked: 0, before: false }
    if (!before && (overtakenAt.get(id) ?? Number.POSITIVE_INFINITY) < asked) breaches.push(`${id}: ${what}`)
  }

  return {
    ledger: (ledger) => ({
      ...ledger,
      claim: async (wish) => {
        const asked = ++moment
        const claim = await ledger.claim(wish)
        // whoever is never heard of again may have sent it
        if (claim) seen.set(claim.id, { asked, before: seen.get(claim.id)?.mayStand ?? false, mayStand: true })
        return claim
      },
      clarified: (claim) => {
        const one = seen.get(claim.id)
        if (one) Object.assign(one, { asked: ++moment, before: false })
        return ledger.clarified(claim)
      },
      settle: (ending) => {
        const one = seen.get(ending.id)
        if (one && ending.step.to === 'waiting' && !ending.step.unclear) one.mayStand = one.before
        return ledger.settle(ending)
      },
    }),
    connector: (connector) => {
      const { publish, update, reply } = connector
      return {
        ...connector,
        publish: (client, post, attempt) => {
          left(attempt.key, `publish ${post.text}`)
          return publish(client, post, attempt)
        },
        ...(update && {
          update: (client, receipt, post, attempt) => {
            left(attempt.key, `update ${post.text}`)
            return update(client, receipt, post, attempt)
          },
        }),
        ...(reply && {
          reply: (client, receipt, post, attempt) => {
            left(attempt.key, `reply ${post.text}`)
            return reply(client, receipt, post, attempt)
          },
        }),
      }
    },
    overtaken: (ids) => {
      moment++
      for (const id of ids) if (!overtakenAt.has(id)) overtakenAt.set(id, moment)
    },
    notThere: (id) => {
      const one = seen.get(id)
      if (one) one.mayStand = false
    },
    breaches: () => breaches.splice(0),
  }
}
