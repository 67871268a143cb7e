// Recognising an own post on Mastodon: the account's newest statuses, compared with the text that was sent.
import { z } from 'zod'
import type { Attempt, Post } from '../../src/connector/connector.ts'
import { UnclearError } from '../../src/connector/errors.ts'
import type { MastodonClient } from './client.ts'
import { type Status, status } from './status.ts'

/** How far the instance's clock may be behind ours. */
const slackMs = 60_000
/** The most the API gives at once, and how many pages are turned at most: 200 posts since the attempt began. */
const pageSize = 40
const mostPages = 5

/** The account's own status with this text that appeared since the first attempt; undefined: surely not there. */
export const findStatus = async (client: MastodonClient, post: Post, attempt: Attempt): Promise<Status | undefined> => {
  for await (const [found] of pagesOf(client, post, attempt)) if (found) return found
  return undefined
}

/** All of them, newest first. */
export const findStatuses = async (client: MastodonClient, post: Post, attempt: Attempt): Promise<readonly Status[]> =>
  (await Array.fromAsync(pagesOf(client, post, attempt))).flat()

/**
 * For each page of the account, newest first: those with this text. https://docs.joinmastodon.org/methods/accounts/#statuses
 *
 * @throws UnclearError after the last page that is turned, where it does not reach back to the first attempt
 */
async function* pagesOf(client: MastodonClient, post: Post, attempt: Attempt): AsyncGenerator<readonly Status[]> {
  const id = await client.accountId(attempt.signal)
  const since = Date.parse(attempt.firstAt) - slackMs
  const wanted = comparable(post.text)
  let before: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const query = new URLSearchParams({ limit: String(pageSize), exclude_reblogs: 'true', ...(before && { max_id: before }) })
    const path = `/api/v1/accounts/${encodeURIComponent(id)}/statuses?${query}`
    const answer = await client.call({ method: 'GET', path, kind: 'read', signal: attempt.signal })
    const statuses = answer.as(z.array(status))
    const recent = statuses.filter(({ created_at }) => Date.parse(created_at) >= since)
    yield recent.filter(({ content }) => comparable(textOf(content)) === wanted)
    if (recent.length < pageSize) return
    before = recent.at(-1)?.id
  }
  const words = `Das Konto hat seit dem ersten Versuch mindestens so viele Beiträge veröffentlicht, wie wir durchsehen (${pageSize * mostPages}).`
  throw new UnclearError(words, { findable: false })
}

/** The text of a status without its HTML. Links come out whole: Mastodon only hides parts of them. */
export const textOf = (content: string): string =>
  content
    .replace(/<br\s*\/?>|<\/p>\s*<p>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
      if (name !== undefined) return named[name.toLowerCase()] ?? whole
      return String.fromCodePoint(Number.parseInt(decimal ?? hex, decimal === undefined ? 16 : 10))
    })

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** What survives Mastodon's formatting: everything but white space and the hosts of remote mentions. */
export const comparable = (text: string): string => shortMentions(text).normalize('NFC').replace(/\s+/gu, '')

/** `@stadt@instanz.example` shows, and counts, as `@stadt`: https://docs.joinmastodon.org/user/posting/#text */
export const shortMentions = (text: string): string =>
  text.includes('@') ? text.replace(/(?<![=/\w])@(\w+(?:[\w.-]*\w)?)@[\w.-]*\w/gu, '@$1') : text
