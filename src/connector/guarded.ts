// A connector behind a last gate: what it throws or logs has no secret of its channel in it, whatever library it came from.
import { inspect } from 'node:util'
import type { AnyConnector, Log, Safe, SafeContent, Tools } from './connector.ts'
import { isClassified, UnclearError } from './errors.ts'
import { quotable } from './network-failure.ts'
import { redactor } from './redact.ts'
import { Secret } from './secret.ts'

/** What a connector does with its client. */
const verbs = [
  'disconnect',
  'check',
  'publish',
  'update',
  'retract',
  'find',
  'findAll',
  'stands',
  'reply',
  'write',
  'insights',
  'link',
  'reactions',
] as const satisfies readonly (keyof AnyConnector)[]

type Verb = (...given: readonly unknown[]) => unknown

/**
 * The secrets of one channel: those of its settings, and those that it keeps or has kept in its safe. What finds them is made anew for each
 * error: it is a hundred times as large as they are, and an installation may have fifty thousand channels.
 */
interface Keeper {
  readonly told: readonly string[]
  /** Newest first; what was renewed some times ago opens nothing any more. */
  kept: readonly string[]
}

const mostKept = 16

const all = ({ told, kept }: Keeper): readonly string[] => [...told, ...kept]

/** The same connector; each client knows which secrets are its own. */
export const guarded = (connector: AnyConnector): AnyConnector => {
  const keepers = new WeakMap<object, Keeper>()
  const methods = connector as unknown as Readonly<Record<string, Verb | undefined>>
  const gates = verbs.flatMap((verb) => {
    const act = methods[verb]
    if (act === undefined) return []
    const gate: Verb = (client, ...given) => {
      const keeper = keepers.get(Object(client))
      if (keeper === undefined) return act.call(connector, client, ...given)
      return gated(keeper, () => act.call(connector, client, ...given.map((one) => withCleanLog(one, keeper))))
    }
    return [[verb, gate]]
  })
  const connect = async (settings: unknown, tools: Tools): Promise<unknown> => {
    const keeper: Keeper = { told: secretsIn(settings), kept: [] }
    const lent: Tools = { ...tools, safe: watched(tools.safe, keeper), log: cleanLog(tools.log, keeper) }
    const client: unknown = await gated(keeper, () => connector.connect(settings, lent))
    if (typeof client === 'object' && client !== null) keepers.set(client, keeper)
    return client
  }
  return { ...connector, ...Object.fromEntries(gates), connect }
}

/** At any depth. */
const secretsIn = (value: unknown): readonly string[] => {
  if (value instanceof Secret) return [value.reveal()]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsIn) : []
}

/** What a safe holds beside secrets: dates, rights, digests. */
const secretNames = /token|secret|session|jwt|passw|cookie|key/i

const watched = (safe: Safe, keeper: Keeper): Safe => {
  const learn = (content: SafeContent): SafeContent => {
    const secrets = Object.entries(content).flatMap(([name, value]) => (secretNames.test(name) ? [value] : []))
    keeper.kept = [...new Set([...secrets, ...keeper.kept])].slice(0, mostKept)
    return content
  }
  return {
    read: async () => {
      const content = await safe.read()
      return content && learn(content)
    },
    change: async (make) => learn(await safe.change(async (now) => learn(await make(now && learn(now))))),
  }
}

const gated = async (keeper: Keeper, act: () => unknown): Promise<unknown> => {
  try {
    return await act()
  } catch (error) {
    throw cleanError(error, keeper)
  }
}

/** The class stays, and with it what it says of the bytes; stack and cause go where a secret is in any of it. */
const cleanError = (error: unknown, keeper: Keeper): unknown => {
  if (!redactor(all(keeper)).finds(inspect(error, { depth: 8 }))) return error
  const message = quotable(error instanceof Error ? error.message : String(error), all(keeper))
  if (!isClassified(error)) return new UnclearError(message)
  for (const name of ['cause', 'stack']) Reflect.deleteProperty(error, name)
  return Object.assign(error, { message })
}

const cleanLog = (log: Log, keeper: Keeper): Log => {
  const clean = (facts: object): object => {
    if (!redactor(all(keeper)).finds(inspect(facts, { depth: 8 }))) return facts
    return { withheld: quotable(inspect(facts, { depth: 4 }), all(keeper)) }
  }
  return {
    debug: (facts, message) => log.debug(clean(facts), message),
    info: (facts, message) => log.info(clean(facts), message),
    warn: (facts, message) => log.warn(clean(facts), message),
  }
}

/** An attempt brings a log of its own; the rest of it stays as it is, also where a connector copies it. */
const withCleanLog = (given: unknown, keeper: Keeper): unknown => {
  if (typeof given !== 'object' || given === null || !('log' in given) || !('remember' in given)) return given
  return new Proxy(given, { get: (attempt, name) => (name === 'log' ? cleanLog(given.log as Log, keeper) : Reflect.get(attempt, name)) })
}
