// What the store remembers of a story that went wrong: every delivery of it with every attempt, for whoever looks for the cause.
import type { Seen } from './evidence.ts'
import type { House } from './house.ts'
import type { Story } from './press-office.ts'
import type { Finding } from './verdict.ts'

export const historyOf = async (
  { db }: House,
  finding: Finding,
  { stories, seen }: { stories: readonly Story[]; seen: readonly Seen[] },
) => {
  const story = stories.find(({ number }) => number === finding.story) as Story
  const deliveries = await db
    .selectFrom('delivery')
    .selectAll()
    .where((where) => where.or([where('announcementId', '=', story.id), where('follows', '=', story.id)]))
    .where('platform', '=', finding.platform)
    .orderBy('plannedAt')
    .execute()
  const attempts = await db
    .selectFrom('attempt')
    .selectAll()
    .where('deliveryId', 'in', ['00000000-0000-0000-0000-000000000000', ...deliveries.map(({ id }) => id)])
    .orderBy('id')
    .execute()
  const posts = seen.filter((post) => post.platform === finding.platform && post.wordings[0]?.mark.story === story.number)
  return [
    JSON.stringify(story),
    ...posts.map((post) => `  seen ${JSON.stringify(post)}`),
    ...deliveries.map(
      ({ id, action, sequence, state, target, reason, plannedAt }) =>
        `  ${id} ${sequence} ${action} ${state} of ${target} at ${plannedAt.toISOString()}: ${reason}`,
    ),
    ...attempts.map(
      ({ deliveryId, fence, at, event, detail }) => `  ${at.toISOString()} ${deliveryId} fence ${fence} ${event} ${detail ?? ''}`,
    ),
  ].join('\n')
}
