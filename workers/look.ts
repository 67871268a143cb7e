// Is it there? Looks for what an unclear attempt may have left, and tells it from other posts with the same words.
import type { AnyConnector, Attempt, Post, Receipt } from '../src/connector/connector.ts'
import type { Claim } from '../src/store/claims.ts'
import type { Ledger } from '../src/store/ledger.ts'

export interface Look {
  readonly ledger: Pick<Ledger, 'namesakes'>
  readonly connector: AnyConnector
  readonly client: unknown
  readonly claim: Pick<Claim, 'id' | 'post'>
  readonly attempt: Attempt
}

/** What people read where a person has to decide. */
export const mixedReason =
  'Mehrere Beiträge mit gleichem Wortlaut sind ungeklärt; ob der, der dort steht, zu dieser Meldung gehört, ist nicht zu erkennen.'

/** The delivery's own post; undefined: surely not there; `mixed`: something is there, and nobody here can see whose it is. */
export const lookFor = async ({ ledger, connector, client, claim, attempt }: Look): Promise<Receipt | undefined | 'mixed'> => {
  const post = claim.post as Post
  if (!connector.findAll) return connector.find?.(client, post, attempt)
  const all = await connector.findAll(client, post, attempt)
  if (all.length === 0) return undefined
  const { taken, open } = await ledger.namesakes(claim.id, all)
  const free = all.filter(({ id }) => !taken.has(id)).toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))
  if (free.length === 0) return undefined
  // as many as there are deliveries that may have left one: each has one, and as they read the same, the first may have the first
  return free.length > open.length ? free[open.filter((id) => id < claim.id).length] : 'mixed'
}
