// JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/
import type { Entry, Feed, File } from './feed.ts'

/** The feed as JSON text. */
export const jsonFeed = (feed: Feed): string =>
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    description: feed.description,
    home_page_url: feed.page,
    feed_url: feed.self,
    language: 'de',
    authors: [{ name: feed.city, url: feed.page }],
    items: feed.entries.map(item),
  })

const item = (entry: Entry): object => {
  const [image] = entry.images
  return {
    id: entry.id,
    url: entry.url,
    title: entry.title.toWellFormed(),
    content_html: entry.html.toString(),
    content_text: entry.text.toWellFormed(),
    date_published: entry.published,
    date_modified: entry.updated,
    language: entry.language,
    tags: entry.tags,
    ...(image && { image: image.url }),
    ...(entry.files.length > 0 && { attachments: entry.files.map(attachment) }),
  }
}

const attachment = ({ url, type, size, alt }: File): object => ({
  url,
  mime_type: type,
  ...(alt !== '' && { title: alt.toWellFormed() }),
  size_in_bytes: size,
})
