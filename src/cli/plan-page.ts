// A plan as a person reads it before it is released, and as a script reads it. Pure.
import type { Plan, PlannedDecision, PlannedPost } from '../planning/plan.ts'
import { drawTable, type Page, type Row } from './table.ts'
import { fold, foldTo, plain } from './text.ts'
import { count, decisionWord } from './words.ts'

/** The plan for scripts: a post has `text`, `length`, `max` and `media` beside its other fields. */
export const planAsJson = (plan: Plan): object => ({
  ...plan,
  decisions: plan.decisions.map((decision) => ({
    ...decision,
    post: decision.post === null ? null : { ...decision.post, media: filesOf(decision.post) },
  })),
})

const filesOf = ({ images, video }: PlannedPost) => [...images, ...(video ? [video] : [])]

export const planAsText = (plan: Plan, page: Page): string =>
  [table(plan, page), ...posts(plan.decisions, page), foldTo(closing(plan), page)].join('\n\n')

const table = (plan: Plan, page: Page): string => {
  const rows = plan.decisions.map(
    (decision): Row => ({
      cells: [decision.channel, decisionWord(decision), decision.reason, decision.post === null ? '' : lengthOf(decision.post)],
      ...(decision.verdict === 'omit' ? { colours: { 0: 'dim', 1: 'dim', 2: 'dim' } } : {}),
    }),
  )
  const columns = [
    { head: 'Kanal' },
    { head: 'Entscheidung' },
    { head: 'Begründung', grows: true },
    { head: 'Länge', align: 'right' },
  ] as const
  return drawTable(columns, rows, page)
}

const lengthOf = (post: PlannedPost): string => `${post.length}/${post.max}`

/** Every text once, under the names of the channels that carry it. */
const posts = (decisions: readonly PlannedDecision[], page: Page): readonly string[] => {
  const byPost = new Map<string, { readonly post: PlannedPost; readonly channels: string[] }>()
  for (const { channel, post } of decisions) {
    if (post === null) continue
    const look = JSON.stringify([post.text, filesOf(post).map(({ id, alt }) => [id, alt])])
    const same = byPost.get(look)
    if (same) same.channels.push(channel)
    else byPost.set(look, { post, channels: [channel] })
  }
  return [...byPost.values()].map(({ post, channels }) => {
    const files = [...post.images.map(({ alt }) => `[Bild: ${alt || 'schmückend'}]`), ...(post.video ? [`[Video: ${post.video.alt}]`] : [])]
    const lines = fold(plain([post.text, ...files].join('\n')), page.width - 4).map((line) => `    ${line}`.trimEnd())
    return [page.paint('bold', `${channels.join(', ')}:`), ...lines].join('\n')
  })
}

const closing = (plan: Plan): string => {
  const having = (verdict: string): number => plan.decisions.filter((decision) => decision.verdict === verdict).length
  const send = count(having('send'), 'Kanal sendet', 'Kanäle senden')
  const wait = having('wait') === 0 ? '' : `, ${count(having('wait'), 'wartet', 'warten')}`
  const omit = having('omit') === 0 ? '' : `, ${count(having('omit'), 'lässt aus', 'lassen aus')}`
  return [
    `${send}${wait}${omit}.`,
    ...(plan.needsApproval ? ['Diese Meldung braucht vor der Veröffentlichung eine Freigabe.'] : []),
    `Prüfsumme: ${plan.digest}`,
  ].join('\n')
}
