// One channel as another's fallback: who stands in for a suspended channel, and who stands by.
import type { Announcement } from '../announcement/announcement.ts'
import type { Course } from './course.ts'
import type { Channel } from './policy.ts'

export interface StandIns {
  /** By name of a suspended channel: the one that carries the announcement in its place. */
  readonly coveredBy: ReadonlyMap<string, Course>
  /** By name of a stand-in: whose place it takes. */
  readonly takesOver: ReadonlyMap<string, Place>
  /** By name of a channel that carries nothing itself: for whom it stands by. */
  readonly standsBy: ReadonlyMap<string, Place>
}

/** The channel that is or would be replaced, and the course that its replacement follows. */
export interface Place {
  readonly of: Channel
  readonly course: Course
}

/**
 * Follows each carrying channel along its fallbacks. The first that could carry the announcement now takes a suspended channel's place;
 * the next one stands by for it, and so on. A fallback that carries the announcement anyway covers the others and ends the row.
 * Who is named twice stands in for the first. Nobody stands in for an exercise or a test: they stay where a rule sends them.
 */
export const standInsOf = (announcement: Announcement, courses: readonly Course[], suspended: ReadonlyMap<string, string>): StandIns => {
  const byName = new Map(courses.map((course) => [course.channel.name, course]))
  const coveredBy = new Map<string, Course>()
  const takesOver = new Map<string, Place>()
  const standsBy = new Map<string, Place>()
  if (announcement.status !== 'Actual') return { coveredBy, takesOver, standsBy }
  for (const course of courses) {
    if (!course.carries) continue
    let of = course.channel
    for (const candidate of rowAfter(course, byName)) {
      if (!candidate.able || suspended.has(candidate.channel.name)) continue
      const covers = of === course.channel && suspended.has(of.name)
      if (covers) coveredBy.set(of.name, candidate)
      if (candidate.carries) break
      putFirst(covers ? takesOver : standsBy, candidate.channel.name, { of, course })
      of = candidate.channel
    }
  }
  return { coveredBy, takesOver, standsBy }
}

const putFirst = (places: Map<string, Place>, name: string, place: Place): void => {
  if (!places.has(name)) places.set(name, place)
}

/** The channel's fallback, that one's fallback, and so on. */
const rowAfter = (course: Course, byName: ReadonlyMap<string, Course>): readonly Course[] => {
  const row: Course[] = []
  let next = course.channel.fallback
  while (next !== null) {
    const candidate = byName.get(next)
    if (candidate === undefined || candidate === course || row.includes(candidate)) break
    row.push(candidate)
    next = candidate.channel.fallback
  }
  return row
}
