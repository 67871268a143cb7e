// Where a process can die or be paused: one list as data, and the wrapping that lets it happen there. Later rooms add their points here.
import type { AnyConnector, Attempt, Post, Tools } from '../../src/connector/connector.ts'
import type { WorkerParts } from '../../workers/start.ts'

/** Reached by name and count: `deliver:after-publish:3` is the third time that anything reaches it. */
export type CrashPoint = (typeof crashPoints)[number]['name']

/**
 * `part`: whose step it is. `left`: what a death there leaves behind for a new post: nothing has begun (`untouched`), nobody can know
 * whether it is there without asking the platform (`unclear`), or it is written down (`done`).
 */
export const crashPoints = [
  { part: 'deliver', name: 'deliver:before-claim', left: 'untouched', faults: 'P1' },
  { part: 'deliver', name: 'deliver:after-claim', left: 'unclear', faults: 'F1' },
  { part: 'deliver', name: 'deliver:after-pace', left: 'unclear', faults: 'F1' },
  { part: 'deliver', name: 'deliver:after-connect', left: 'unclear', faults: 'F2' },
  { part: 'deliver', name: 'deliver:before-publish', left: 'unclear', faults: 'F2' },
  { part: 'deliver', name: 'deliver:on-the-wire', left: 'unclear', faults: 'F3' },
  { part: 'deliver', name: 'deliver:after-publish', left: 'unclear', faults: 'F4' },
  { part: 'deliver', name: 'deliver:before-settle', left: 'unclear', faults: 'F4' },
  { part: 'deliver', name: 'deliver:after-settle', left: 'done', faults: 'F5' },
  { part: 'look', name: 'look:before-find', left: 'unclear', faults: 'F2' },
  { part: 'look', name: 'look:after-find', left: 'unclear', faults: 'F2' },
  { part: 'look', name: 'look:after-clarified', left: 'unclear', faults: 'F2' },
  { part: 'relay', name: 'relay:before-add', left: 'untouched', faults: 'F7' },
  { part: 'relay', name: 'relay:after-add', left: 'untouched', faults: 'F7' },
  { part: 'sweep', name: 'sweep:before-end-silent', left: 'unclear', faults: 'F1' },
  { part: 'sweep', name: 'sweep:after-end-silent', left: 'unclear', faults: 'F1' },
  { part: 'sweep', name: 'sweep:after-stored-mark', left: 'untouched', faults: 'F15' },
  { part: 'sweep', name: 'sweep:after-mark', left: 'untouched', faults: 'F15' },
  { part: 'sweep', name: 'sweep:before-expire', left: 'untouched', faults: 'P15' },
  { part: 'sweep', name: 'sweep:after-expire', left: 'untouched', faults: 'P15' },
  { part: 'refresh', name: 'refresh:before-renew', left: 'unclear', faults: 'F2' },
  { part: 'refresh', name: 'refresh:after-renew', left: 'unclear', faults: 'F2' },
  { part: 'refresh', name: 'refresh:after-keep', left: 'unclear', faults: 'F2' },
  { part: 'media', name: 'media:before-read', left: 'unclear', faults: 'F2' },
  { part: 'media', name: 'media:after-read', left: 'unclear', faults: 'F2' },
  { part: 'media', name: 'media:before-remember', left: 'unclear', faults: 'F3' },
  { part: 'media', name: 'media:after-remember', left: 'unclear', faults: 'F3' },
  { part: 'prepare', name: 'prepare:before-commit', left: 'untouched', faults: 'F6' },
  { part: 'prepare', name: 'prepare:after-commit', left: 'untouched', faults: 'F6' },
  { part: 'release', name: 'release:before-commit', left: 'untouched', faults: 'P1' },
  { part: 'release', name: 'release:after-commit', left: 'untouched', faults: 'F6' },
  { part: 'start', name: 'start:in-migration', left: 'untouched', faults: 'F25' },
  { part: 'start', name: 'start:before-commit', left: 'untouched', faults: 'F25' },
  { part: 'start', name: 'start:after-commit', left: 'untouched', faults: 'F25' },
] as const

/** What the wrapping of a worker reaches; preparing, releases and starts die in `dying-api.ts`. */
export const pointsOf = (...parts: readonly (typeof crashPoints)[number]['part'][]) =>
  crashPoints.filter(({ part }) => parts.includes(part))

/** How long the bytes are on the wire when `deliver:on-the-wire` is reached. */
export const wireMs = 150

/** Called at each point, with the delivery's id where the step knows it; what it waits for, the step waits for. */
export type Reach = (point: CrashPoint, delivery?: string) => Promise<void>

/** The same parts, with `reach` between all steps. */
export const withCrashPoints = (parts: WorkerParts, reach: Reach): WorkerParts => ({
  ...parts,
  ledger: ledgerWith(parts.ledger, reach),
  queues: {
    ...parts.queues,
    add: async (rows) => {
      await reach('relay:before-add')
      await parts.queues.add(rows)
      await reach('relay:after-add')
    },
    setMark: async (mark) => {
      await reach('sweep:after-stored-mark')
      await parts.queues.setMark(mark)
      await reach('sweep:after-mark')
    },
  },
  pace: {
    ...parts.pace,
    take: async (channel, span) => {
      const wait = await parts.pace.take(channel, span)
      await reach('deliver:after-pace')
      return wait
    },
  },
  toolsFor: (city, channel) => toolsWith(parts.toolsFor(city, channel), reach),
  connectors: new Map([...parts.connectors].map(([name, connector]) => [name, connectorWith(connector, reach)])),
})

const ledgerWith = (ledger: WorkerParts['ledger'], reach: Reach): WorkerParts['ledger'] => ({
  ...ledger,
  claim: async (wish) => {
    await reach('deliver:before-claim', wish.id)
    const claim = await ledger.claim(wish)
    // A job of a delivery that is settled or taken claims nothing: dying there would prove nothing.
    if (claim) await reach('deliver:after-claim', wish.id)
    return claim
  },
  delivered: async (done) => {
    await reach('deliver:before-settle', done.id)
    const settlement = await ledger.delivered(done)
    await reach('deliver:after-settle', done.id)
    return settlement
  },
  clarified: async (claim) => {
    const next = await ledger.clarified(claim)
    await reach('look:after-clarified', claim.id)
    return next
  },
  settle: async (ending) => {
    if (ending.silent) await reach('sweep:before-end-silent', ending.id)
    const mine = await ledger.settle(ending)
    if (ending.silent) await reach('sweep:after-end-silent', ending.id)
    return mine
  },
  expireDue: async () => {
    await reach('sweep:before-expire')
    const expired = await ledger.expireDue()
    if (expired.length > 0) await reach('sweep:after-expire')
    return expired
  },
})

/** A token that is renewed, and the bytes of a picture or a film. */
const toolsWith = (tools: Tools, reach: Reach): Tools => ({
  ...tools,
  safe: {
    ...tools.safe,
    change: async (make) => {
      let renewed = false
      const content = await tools.safe.change(async (now) => {
        await reach('refresh:before-renew')
        const next = await make(now)
        renewed = next !== now
        if (renewed) await reach('refresh:after-renew')
        return next
      })
      if (renewed) await reach('refresh:after-keep')
      return content
    },
  },
  media: async (id) => {
    await reach('media:before-read')
    const bytes = await tools.media(id)
    await reach('media:after-read')
    return bytes
  },
})

/** What the platform has taken so far, and must not be given twice. */
const remembering = (attempt: Attempt, reach: Reach): Attempt =>
  Object.create(attempt, {
    remember: {
      value: async (more: Readonly<Record<string, string>>) => {
        await reach('media:before-remember', attempt.key)
        await attempt.remember(more)
        await reach('media:after-remember', attempt.key)
      },
    },
  })

const looking =
  <T>(find: (client: unknown, post: Post, attempt: Attempt) => Promise<T>, reach: Reach) =>
  async (client: unknown, post: Post, attempt: Attempt): Promise<T> => {
    await reach('look:before-find', attempt.key)
    const found = await find(client, post, attempt)
    await reach('look:after-find', attempt.key)
    return found
  }

const connectorWith = (connector: AnyConnector, reach: Reach): AnyConnector => {
  const { find, findAll } = connector
  return {
    ...connector,
    connect: async (settings, tools) => {
      const client = await connector.connect(settings, tools)
      await reach('deliver:after-connect')
      return client
    },
    publish: async (client, post, attempt) => {
      await reach('deliver:before-publish', attempt.key)
      // begun at the same time, so that the wait there is not the request's
      const onTheWire = new Promise((resolve) => setTimeout(resolve, wireMs)).then(() => reach('deliver:on-the-wire', attempt.key))
      const receipt = await connector.publish(client, post, remembering(attempt, reach))
      await onTheWire
      await reach('deliver:after-publish', attempt.key)
      return receipt
    },
    ...(find && { find: looking(find, reach) }),
    ...(findAll && { findAll: looking(findAll, reach) }),
  }
}
