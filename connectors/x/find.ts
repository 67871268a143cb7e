// Recognising an own post on X: the account's newest posts, compared with the text that was sent once its links are written out again.
import { z } from 'zod'
import type { Attempt } from '../../src/connector/connector.ts'
import { UnclearError } from '../../src/connector/errors.ts'
import type { Api, XClient } from './client.ts'
import { bornAt, post, type XPost } from './post.ts'

/** How far the platform's clock may be behind ours. */
const slackMs = 60_000
/** The most the API gives at once, and how many pages are turned at most: 500 posts since the attempt began. */
const pageSize = 100
const mostPages = 5

const page = z.object({ data: z.array(post).optional(), meta: z.object({ next_token: z.string().optional() }).optional() })

/**
 * The ids of the account's posts with one of these texts that appeared since the first attempt, newest first, page by page.
 *
 * @throws UnclearError after the last page that is turned, where it does not reach back to the first attempt
 */
export async function* pagesOf(client: XClient, texts: readonly string[], attempt: Attempt): AsyncGenerator<readonly string[]> {
  const { signal } = attempt
  const id = await client.accountId(signal)
  const since = Date.parse(attempt.firstAt) - slackMs
  const wanted = new Set(texts.map(comparable))
  let token: string | undefined
  for (let number = 0; number < mostPages; number += 1) {
    const { data = [], meta } = await client.call({ kind: 'read', signal, shape: page, ask: asking(id, since, token) })
    const recent = data.filter((one) => bornAt(one.id) >= since)
    yield recent.filter((one) => wanted.has(comparable(writtenOut(one)))).map((one) => one.id)
    token = meta?.next_token
    if (token === undefined || recent.length < data.length) return
  }
  const words = `Das Konto hat seit dem ersten Versuch mehr Beiträge auf X veröffentlicht, als wir durchsehen (${pageSize * mostPages}).`
  throw new UnclearError(words, { findable: false })
}

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
export const writtenOut = ({ text, entities }: XPost): string => {
  const links = entities?.urls ?? []
  const whole = links.reduce((words, { url, expanded_url, media_key }) => {
    const ownMedia = media_key || /^https:\/\/(?:x|twitter)\.com\/\w+\/status\/\d+\/(?:photo|video)\/\d+$/.test(expanded_url ?? '')
    return words.replaceAll(url, ownMedia ? '' : (expanded_url ?? url))
  }, text)
  return whole.replace(/&(amp|lt|gt);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>' })[name] ?? '')
}

/** What survives: everything but white space, and how an address begins and ends. */
export const comparable = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/https?:\/\//gi, '')
    .replace(/\/(?=\s|$)/g, '')
    .replace(/\s+/gu, '')
