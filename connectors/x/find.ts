// Recognising an own post on X: the account's newest posts, compared with the text that was sent once its links are written out again.
import { z } from 'zod'
import type { Attempt } from '../../src/connector/connector.ts'
import { type Likeness, likenessOf, likest } from '../../src/connector/likeness.ts'
import { earliestOf, type OwnPosts } from '../../src/connector/own-posts.ts'
import type { Api, XClient } from './client.ts'
import { bornAt, post, type XPost } from './post.ts'

/** The most the API gives at once, and how many pages are turned at most: 500 posts. */
const pageSize = 100
const mostPages = 5

const page = z.object({ data: z.array(post).optional(), meta: z.object({ next_token: z.string().optional() }).optional() })

/** The account's own posts that may have one of these texts, newest first. */
export const ownPostsOn = (client: XClient, texts: readonly string[], attempt: Attempt): OwnPosts<XPost> => ({
  title: 'X',
  mostPages,
  bornAt: ({ id }) => bornAt(id),
  likeness: (one) => texts.map((text) => likenessHere(text, writtenOut(one))).reduce(likest, 'other'),
  page: async (token) => {
    let date: string | null = null
    const { data = [], meta } = await client.call({
      kind: 'read',
      signal: attempt.signal,
      shape: page,
      ask: asking(await client.accountId(attempt.signal), earliestOf(attempt), token),
      heard: (headers) => {
        date = headers.get('date')
      },
    })
    return { posts: data, next: meta?.next_token, date }
  },
})

/** https://docs.x.com/x-api/users/get-posts: an "owned read", which costs a tenth of a cent for each post. */
const asking =
  (id: string, since: number, token: string | undefined) =>
  (api: Api): Promise<unknown> =>
    api.get(`users/${id}/tweets`, {
      max_results: pageSize,
      exclude: 'retweets',
      'post.fields': 'entities',
      start_time: new Date(since).toISOString().replace(/\.\d+Z$/, 'Z'),
      ...(token !== undefined && { pagination_token: token }),
    })

/** The text as it was sent: X puts its own short links in, adds one for images, and escapes three signs. */
const writtenOut = ({ text, entities }: XPost): string => {
  const links = entities?.urls ?? []
  const whole = links.reduce((words, { url, expanded_url, media_key }) => {
    const ownMedia = media_key || /^https:\/\/(?:x|twitter)\.com\/\w+\/status\/\d+\/(?:photo|video)\/\d+$/.test(expanded_url ?? '')
    return words.replaceAll(url, ownMedia ? '' : (expanded_url ?? url))
  }, text)
  return whole.replace(/&(amp|lt|gt);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>' })[name] ?? '')
}

/** X writes addresses out in its own way: with the protocol, and with a slash at the end or without. */
const likenessHere = (sent: string, shown: string): Likeness => (comparable(sent) === comparable(shown) ? 'exact' : likenessOf(sent, shown))

/** What survives: everything but white space, and how an address begins and ends. */
const comparable = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/https?:\/\//gi, '')
    .replace(/\/(?=\s|$)/g, '')
    .replace(/\s+/gu, '')
