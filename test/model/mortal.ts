// One life of a worker in the model: it dies at a step that was named before, and from then on nothing it does has any effect.
import type { AnyConnector, Connectors } from '../../src/connector/connector.ts'
import type { Ledger } from '../../src/store/ledger.ts'

export const deathPlaces = ['before-claim', 'after-claim', 'before-act', 'after-act', 'before-settle', 'after-settle'] as const

/** Dies when the step is reached for the `count`th time. */
export interface Death {
  readonly at: (typeof deathPlaces)[number]
  readonly count: number
}

/** What happens beside the worker when the step is reached for the `count`th time; the worker's delivery goes on after it. */
export interface Meanwhile extends Death {
  deed(): Promise<void>
}

type Living = { readonly ledger: Ledger; readonly connectors: Connectors }

export const mortal = ({ ledger, connectors }: Living, death: Death | null, meanwhile: Meanwhile | null) => {
  const { promise: died, resolve } = Promise.withResolvers<void>()
  const never = new Promise<never>(() => {})
  let left = death?.count ?? 0
  let until = meanwhile?.count ?? 0
  let dead = false
  const reach = async (at: Death['at']): Promise<void> => {
    if (meanwhile?.at === at && --until === 0) await meanwhile.deed()
    if (death?.at === at && --left === 0) {
      dead = true
      resolve()
    }
    if (dead) await never
  }
  const around =
    <A extends readonly unknown[], T>([before, after]: readonly [Death['at'], Death['at']], work: (...args: A) => T | Promise<T>) =>
    async (...args: A): Promise<T> => {
      await reach(before)
      const result = await work(...args)
      await reach(after)
      return result
    }
  const settling = ['before-settle', 'after-settle'] as const
  const acting = ['before-act', 'after-act'] as const
  const wrapped = (connector: AnyConnector): AnyConnector => ({
    ...connector,
    publish: around(acting, connector.publish),
    ...(connector.update && { update: around(acting, connector.update) }),
    ...(connector.reply && { reply: around(acting, connector.reply) }),
    ...(connector.retract && { retract: around(acting, connector.retract) }),
    ...(connector.find && { find: around(acting, connector.find) }),
  })
  const mortalLedger: Ledger = {
    ...ledger,
    claim: around(['before-claim', 'after-claim'], ledger.claim),
    delivered: around(settling, ledger.delivered),
    settle: around(settling, ledger.settle),
    settleLate: around(settling, ledger.settleLate),
  }
  return { died, ledger: mortalLedger, connectors: new Map([...connectors].map(([name, connector]) => [name, wrapped(connector)])) }
}
