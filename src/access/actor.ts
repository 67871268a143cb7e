// Who may do what: one table of roles, and everything that is not in it is denied.
import { Refusal } from '../announcement/refusal.ts'
import type { Actor, Role } from '../commands/desk.ts'

export const verbs = [
  'read',
  'plan',
  'draft',
  'approve',
  'release', // any kind
  'release-warning', // warnings and all-clears
  'amend',
  'retract',
  'resolve', // answer the question of a held delivery
  'suspend', // suspend a channel, and resume it
  'operate', // the pages of operations
  'metrics',
  'keys', // create and revoke API keys
] as const

export type Verb = (typeof verbs)[number]

export const roles = ['author', 'approver', 'duty-officer', 'operator', 'admin'] as const satisfies readonly Role[]

const author = ['read', 'plan', 'draft'] as const satisfies readonly Verb[]

const allowed: Readonly<Record<Role, ReadonlySet<Verb>>> = {
  author: new Set<Verb>(author),
  approver: new Set<Verb>([...author, 'approve', 'release', 'release-warning', 'amend', 'retract']),
  'duty-officer': new Set<Verb>([...author, 'release-warning', 'retract', 'resolve']),
  operator: new Set<Verb>(['read', 'resolve', 'suspend', 'operate', 'metrics']),
  admin: new Set<Verb>(verbs),
}

/** What belongs to no single city: the operators' pages, the metrics. Only an actor for all cities reaches it. */
export const everyCity = '*'

/** The installation itself, where no person is asking: the first key, a credential that was refused. */
export const theHouse: Actor = { id: 'rundruf', name: 'Rundruf', role: 'admin', cities: '*' }

/** True when the city is one of the actor's. To everybody else it does not exist. */
export const sees = (actor: Actor, city: string): boolean => actor.cities === '*' || (city !== everyCity && actor.cities.includes(city))

/** True when the actor's role allows the verb and the city is one of the actor's. */
export const may = (actor: Actor, verb: Verb, city: string): boolean =>
  sees(actor, city) && Object.hasOwn(allowed, actor.role) && allowed[actor.role].has(verb)

/**
 * Refuses with `unknown-city` (a foreign city does not exist for the actor) or with `not-allowed` (also for what belongs to every city).
 * Where the city was learned from a stored thing, hand in that thing's own refusal, so that its existence is not told either.
 */
export const demand = (actor: Actor, verb: Verb, city: string, unknown: () => Refusal = () => unknownCity(city)): void => {
  if (!sees(actor, city) && city !== everyCity) throw unknown()
  if (!may(actor, verb, city)) throw notAllowed(verb)
}

export const unknownCity = (city: string): Refusal =>
  new Refusal({
    code: 'unknown-city',
    de: `Die Stadt „${city}“ gibt es hier nicht.`,
    en: `There is no city “${city}” here.`,
    place: 'city',
  })

export const notAllowed = (verb: Verb): Refusal =>
  new Refusal({
    code: 'not-allowed',
    de: `Ihre Rolle erlaubt das nicht (${germanVerbs[verb]}). Bitte fragen Sie jemanden, der es darf.`,
    en: `Your role does not allow this (${verb}). Please ask somebody who may.`,
  })

const germanVerbs: Readonly<Record<Verb, string>> = {
  read: 'lesen',
  plan: 'planen',
  draft: 'entwerfen',
  approve: 'freigeben',
  release: 'veröffentlichen',
  'release-warning': 'Warnungen veröffentlichen',
  amend: 'berichtigen',
  retract: 'zurücknehmen',
  resolve: 'ungeklärte Zustellungen klären',
  suspend: 'Kanäle sperren',
  operate: 'Betriebsseiten',
  metrics: 'Messwerte',
  keys: 'Schlüssel verwalten',
}
