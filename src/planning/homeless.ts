// Images and videos that no channel of a plan would show. Pure.
import type { Plan } from './plan.ts'

export interface Homeless {
  /** Its place in the announcement's media. */
  readonly at: number
  /** German sentences, one for each platform that does not take it. */
  readonly reasons: readonly string[]
}

/** A file that is too many, or stands back behind a video, has a home: it could be shown. */
export const homeless = ({ announcement, decisions }: Plan): readonly Homeless[] => {
  const posts = decisions.flatMap(({ post }) => post ?? [])
  if (posts.length === 0) return []
  return announcement.media.flatMap(({ id }, at) => {
    const reasons = posts.map(({ unfit }) => unfit?.find((one) => one.id === id)?.reason)
    return reasons.every((reason) => reason !== undefined) ? [{ at, reasons: [...new Set(reasons)] }] : []
  })
}
