// One channel as another's fallback: who stands in for a suspended channel, and who stands by.
import type { Announcement } from '../announcement/announcement.ts'
import type { Course } from './course.ts'

export interface StandIns {
  /** By name of a suspended channel: the one that carries the announcement in its place. */
  readonly coveredBy: ReadonlyMap<string, Course>
  /** By name of a stand-in: whose place it takes. */
  readonly takesOver: ReadonlyMap<string, Course>
  /** By name of a channel that carries nothing itself: for whom it stands by. */
  readonly standsBy: ReadonlyMap<string, Course>
}

/**
 * Follows each carrying channel's fallbacks to the first one that could carry it now. A fallback that carries the announcement
 * anyway covers the suspended channel without doing anything more; one that stands in for two takes the place of the first.
 * Nobody stands in for an exercise or a test: they stay where a rule sends them.
 */
export const standInsOf = (announcement: Announcement, courses: readonly Course[], suspended: ReadonlyMap<string, string>): StandIns => {
  const byName = new Map(courses.map((course) => [course.channel.name, course]))
  const coveredBy = new Map<string, Course>()
  const takesOver = new Map<string, Course>()
  const standsBy = new Map<string, Course>()
  for (const course of courses) {
    if (!course.carries || announcement.status !== 'Actual') continue
    const standIn = standInFor(course, byName, suspended)
    if (standIn === undefined) continue
    const claimed = suspended.has(course.channel.name) ? takesOver : standsBy
    if (suspended.has(course.channel.name)) coveredBy.set(course.channel.name, standIn)
    if (!standIn.carries && !claimed.has(standIn.channel.name)) claimed.set(standIn.channel.name, course)
  }
  return { coveredBy, takesOver, standsBy }
}

const standInFor = (course: Course, byName: ReadonlyMap<string, Course>, suspended: ReadonlyMap<string, string>): Course | undefined => {
  const seen = new Set([course.channel.name])
  for (let next = course.channel.fallback; next !== null && !seen.has(next); ) {
    seen.add(next)
    const candidate = byName.get(next)
    if (candidate === undefined) return undefined
    if (candidate.able && !suspended.has(next)) return candidate
    next = candidate.channel.fallback
  }
  return undefined
}
