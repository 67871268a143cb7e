// Whether something still stands, and taking it away: what Facebook and Instagram share.
import type { Graph } from './graph.ts'

export interface Place {
  readonly graph: Graph
  /** Of the post or comment. */
  readonly id: string
  /** Where the page's or account's own posts are listed: `/4711/published_posts`. */
  readonly own: string
  readonly signal: AbortSignal
}

export const isThere = async (place: Place): Promise<boolean> => {
  const { graph, id, signal } = place
  const answer = await graph.call({ method: 'GET', path: `/${id}`, params: { fields: 'id' }, kind: 'read', goneIsFine: true, signal })
  if (answer.status >= 300) await seesOwn(place)
  return answer.status < 300
}

/** What is gone already is as good. */
export const remove = async (place: Place): Promise<void> => {
  const { graph, id, signal } = place
  const answer = await graph.call({ method: 'DELETE', path: `/${id}`, kind: 'write', goneIsFine: true, signal })
  if (answer.status >= 300) await seesOwn(place)
}

/** Meta answers the same to what is gone and to what this token may not see: whoever sees the other posts may say "gone". */
const seesOwn = async ({ graph, own, signal }: Place): Promise<void> => {
  await graph.call({ method: 'GET', path: own, params: { fields: 'id', limit: 1 }, kind: 'read', signal })
}
