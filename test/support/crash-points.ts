// Where a worker can die on the way of one delivery: a list as data, and the wrapping that makes a process die there.
import type { AnyConnector } from '../../src/connector/connector.ts'
import type { WorkerParts } from '../../workers/start.ts'

/** Every step of deliver, in the order in which it is reached. The `find` points are reached only after an unclear ending. */
export const deliverPoints = [
  'claim:before',
  'claim:after', // `sending` is committed, nothing has left
  'pace:after',
  'connect:after',
  'publish:before', // the last moment before the first byte
  'publish:wire', // bytes have left, the platform has not answered (and will post a moment later)
  'publish:after', // the platform answered, nothing is written down
  'settle:before',
  'settle:after', // written down, the queue does not know yet
] as const

/** Reached by the worker that takes over after a death in between. */
export const lookPoints = ['find:before', 'find:after', 'clarified:after'] as const

export type CrashPoint = (typeof deliverPoints)[number] | (typeof lookPoints)[number]

/** How long the bytes are on the wire when the process dies at `publish:wire`. */
export const wireMs = 150

/** The same parts; `reach` is called at each point and does not return where the process dies. */
export const withCrashPoints = (parts: WorkerParts, reach: (point: CrashPoint) => void): WorkerParts => {
  const around =
    <A extends readonly unknown[], T>(name: string, work: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      reach(`${name}:before` as CrashPoint)
      const result = await work(...args)
      reach(`${name}:after` as CrashPoint)
      return result
    }
  const { ledger, pace } = parts
  return {
    ...parts,
    ledger: {
      ...ledger,
      claim: async (wish) => {
        reach('claim:before')
        const claim = await ledger.claim(wish)
        // A job of a delivery that is settled or taken claims nothing: dying there would prove nothing.
        if (claim) reach('claim:after')
        return claim
      },
      delivered: around('settle', ledger.delivered),
      clarified: around('clarified', ledger.clarified),
    },
    pace: { take: around('pace', pace.take) },
    connectors: new Map([...parts.connectors].map(([name, connector]) => [name, wrapped(connector, around, reach)])),
  }
}

type Around = <A extends readonly unknown[], T>(name: string, work: (...args: A) => Promise<T>) => (...args: A) => Promise<T>

const wrapped = (connector: AnyConnector, around: Around, reach: (point: CrashPoint) => void): AnyConnector => ({
  ...connector,
  connect: around('connect', async (settings, tools) => connector.connect(settings, tools)),
  publish: around('publish', (client, post, attempt) => {
    setTimeout(() => reach('publish:wire'), wireMs)
    return connector.publish(client, post, attempt)
  }),
  ...(connector.find
    ? { find: around('find', (client, post, attempt) => (connector.find as NonNullable<AnyConnector['find']>)(client, post, attempt)) }
    : {}),
})
