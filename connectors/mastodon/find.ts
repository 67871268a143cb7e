// Recognising an own post on Mastodon: the account's newest statuses, compared with the text that was sent.
import { z } from 'zod'
import type { Attempt, Post } from '../../src/connector/connector.ts'
import { type Likeness, likenessOf, likest } from '../../src/connector/likeness.ts'
import type { OwnPosts } from '../../src/connector/own-posts.ts'
import type { MastodonClient } from './client.ts'
import { type Status, status } from './status.ts'

/** The most the API gives at once (some servers give less), and how many pages are turned at most: 600 posts. */
const pageSize = 40
const mostPages = 15

/** The account's own statuses that may be this attempt's post, newest first. https://docs.joinmastodon.org/methods/accounts/#statuses */
export const ownStatuses = (client: MastodonClient, post: Post, { signal }: Attempt): OwnPosts<Status> => ({
  title: 'Mastodon',
  mostPages,
  bornAt: ({ created_at }) => Date.parse(created_at),
  likeness: (one) => likenessThere(client, { post, status: one }, signal),
  page: async (before) => {
    const id = encodeURIComponent(await client.accountId(signal))
    const query = new URLSearchParams({ limit: String(pageSize), exclude_reblogs: 'true', ...(before && { max_id: before }) })
    const answer = await client.call({ method: 'GET', path: `/api/v1/accounts/${id}/statuses?${query}`, kind: 'read', signal })
    const posts = answer.as(z.array(status))
    return { posts, next: posts.at(-1)?.id, date: answer.headers.get('date') }
  },
})

/** Servers that read Markdown (glitch-soc, Akkoma, GoToSocial, Hollo) show other words than were sent; their source is what was sent. */
const likenessThere = async (
  client: MastodonClient,
  { post, status: { id, content } }: { readonly post: Post; readonly status: Status },
  signal: AbortSignal,
): Promise<Likeness> => {
  const sent = shortMentions(post.text)
  const shown = likenessOf(sent, shortMentions(textOf(content)))
  if (shown === 'exact' || (shown === 'other' && !isFormatted(content))) return shown
  const raw = await sourceOf(client, id, signal)
  return raw === undefined ? shown : likest(shown, likenessOf(sent, shortMentions(raw)))
}

/** Plain text becomes paragraphs, breaks and links, and nothing else: https://docs.joinmastodon.org/spec/activitypub/#sanitization */
const isFormatted = (content: string): boolean => /<(?!\/?(?:p|br|a|span)\b)\/?[a-z]/i.test(content)

const source = z.object({ text: z.string() })

/** https://docs.joinmastodon.org/methods/statuses/#source; undefined: this server has none. */
const sourceOf = async (client: MastodonClient, id: string, signal: AbortSignal): Promise<string | undefined> => {
  const path = `/api/v1/statuses/${encodeURIComponent(id)}/source`
  const answer = await client.call({ method: 'GET', path, kind: 'read', unknownIsFine: true, signal })
  return answer.status < 300 ? answer.as(source).text : undefined
}

/** The text of a status without its HTML. Links come out whole: Mastodon only hides parts of them. */
export const textOf = (content: string): string =>
  content
    .replace(/<ol(?:\s[^>]*?start="?(\d+)[^>]*|\s[^>]*)?>([\s\S]*?)<\/ol>/gi, (_, start: string | undefined, items: string) =>
      numbered(items, Number(start ?? 1)),
    )
    .replace(/<br\s*\/?>|<\/(?:p|li|h\d|blockquote|pre)>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
      if (name !== undefined) return named[name.toLowerCase()] ?? whole
      return String.fromCodePoint(Number.parseInt(decimal ?? hex, decimal === undefined ? 16 : 10))
    })

/** "3. Oktober" at the begin of a line is a list to Markdown, which begins with 3. */
const numbered = (items: string, from: number): string => {
  let number = from
  return items.replace(/<li[^>]*>/gi, () => `${number++}. `)
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** `@stadt@instanz.example` shows, and counts, as `@stadt`: https://docs.joinmastodon.org/user/posting/#text */
export const shortMentions = (text: string): string =>
  text.includes('@') ? text.replace(/(?<![=/\w])@(\w+(?:[\w.-]*\w)?)@[\w.-]*\w/gu, '@$1') : text
