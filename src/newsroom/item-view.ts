// One announcement as it is shown: what it is, when it was said, what has become of it since.

import { localTime } from '../announcement/local-time.ts'
import type { Post, PostImage, PostVideo } from '../connector/connector.ts'
import { type Html, html, type Part } from '../pages/html.ts'
import type { City } from '../policy/policy.ts'
import type { NewsroomItem } from '../store/newsroom.ts'
import { excerpt, hostOf, paragraphs } from './text.ts'
import { bodyOf, knownOf, plainTitle } from './wording.ts'
import { kindLine, statusWords } from './words.ts'

/** Where an item stands: its permanent address below the newsroom. */
export const addressOf = ({ city, key }: Pick<NewsroomItem, 'city' | 'key'>): string => `/${city}/${key}`

/** The most characters of a text in a list (the whole stands on its own page); more for a warning, which must be read at once. */
const listed = { warning: 1500, 'all-clear': 900, notice: 450, event: 450 } as const

/** The most characters of an alternative text in a list. */
const altListed = 600

/** An item within a list: shortened, with its first image; its title leads to the whole. */
export const listItem = (item: NewsroomItem, city: City): Html => {
  const { post } = item
  const { text, link } = bodyOf(post)
  const short = excerpt(text, listed[post.kind], post.kind)
  const [image, ...more] = post.images
  return article(item, [
    html`<h3 class="item-title"${langOf(post)}><a href="${addressOf(item)}">${struck(item, plainTitle(post))}</a></h3>`,
    marks(item),
    html`<div class="item-text"${langOf(post)}>${struck(item, paragraphs(short.text, knownOf(post, city)))}</div>`,
    image && picture({ ...image, alt: excerpt(image.alt, altListed, post.kind).text }),
    post.video && film({ ...post.video, alt: excerpt(post.video.alt, altListed, post.kind).text }),
    html`<p class="item-links">${[
      short.cut && html`<a class="kern-link" href="${addressOf(item)}" aria-label="Weiterlesen: ${plainTitle(post)}">Weiterlesen</a>`,
      more.length > 0 &&
        html`<a class="kern-link" href="${addressOf(item)}">${more.length === 1 ? 'Ein weiteres Bild' : `${more.length} weitere Bilder`}</a>`,
      link && linkLine(link, plainTitle(post)),
    ]}</p>`,
  ])
}

/** An item on its own page: whole, with all images. The page has its title as its heading. */
export const wholeItem = (item: NewsroomItem, city: City): Html => {
  const { post } = item
  const { text, link } = bodyOf(post)
  return article(item, [
    html`<h2 class="item-title item-title-whole"${langOf(post)}>${struck(item, plainTitle(post))}</h2>`,
    marks(item),
    html`<div class="item-text"${langOf(post)}>${struck(item, paragraphs(text, knownOf(post, city)))}</div>`,
    post.images.map(picture),
    post.video && film(post.video),
    link && html`<p class="item-links">${linkLine(link, plainTitle(post))}</p>`,
  ])
}

/** What kind of announcement it is, as a badge in words, colour and icon. */
const kindBadge = (post: Pick<Post, 'kind' | 'severity'>): Html => {
  const tone = toneOf(post)
  return html`<span class="kern-badge kern-badge--small kern-badge--${tone}${post.severity === 'Extreme' && ' badge-extreme'}">${
    tone !== 'plain' && html`<span class="kern-icon kern-icon--${tone}" aria-hidden="true"></span>`
  }<span class="kern-label">${kindLine(post)}</span></span>`
}

export type Tone = 'danger' | 'warning' | 'success' | 'info' | 'plain'

/** How loud it is. */
export const toneOf = ({ kind, severity }: Pick<Post, 'kind' | 'severity'>): Tone => {
  if (kind === 'all-clear') return 'success'
  if (kind === 'event') return 'info'
  if (kind === 'notice') return 'plain'
  return severity === 'Extreme' || severity === 'Severe' ? 'danger' : 'warning'
}

/** What has become of the announcement since it was published, in sentences. Empty where nothing has. */
const fateOf = (item: NewsroomItem): readonly string[] =>
  [
    item.retractedAt !== null && `Zurückgezogen am ${localTime(item.retractedAt)}`,
    item.updatedAt !== null && `Korrigiert am ${localTime(item.updatedAt)}`,
    item.clearedBy !== null && `Entwarnung am ${localTime(item.clearedBy.at)}`,
    item.post.expires !== null && `${item.expired ? 'Nicht mehr gültig seit' : 'Gültig bis'} ${localTime(item.post.expires)}`,
  ].filter((sentence) => sentence !== false)

const article = (item: NewsroomItem, content: readonly Part[]): Html => {
  const { post } = item
  const over = item.retractedAt !== null || item.expired || item.clearedBy !== null
  const status = statusWords[post.status]
  return html`<article class="item item-${toneOf(post)}${over && ' item-over'}" id="m-${item.key}">
${status && html`<p class="item-status"><strong>${status}</strong> Keine echte Gefahr, bitte nichts unternehmen.</p>`}
<p class="item-meta">${kindBadge(post)} <time datetime="${item.publishedAt}">${localTime(item.publishedAt)}</time></p>
${content}
</article>
`
}

const marks = (item: NewsroomItem): Html | null => {
  const fate = fateOf(item)
  if (fate.length === 0 && item.clears === null) return null
  const clearing = item.clearedBy && html`<li><a class="kern-link" href="/${item.city}/${item.clearedBy.key}">Zur Entwarnung</a></li>`
  const cleared =
    item.clears && html`<li>Entwarnung zu: <a class="kern-link" href="/${item.city}/${item.clears.key}">${plainTitle(item.clears)}</a></li>`
  return html`<ul class="item-marks">${fate.map((sentence) => html`<li>${sentence}</li>`)}${clearing}${cleared}</ul>`
}

/** What was taken back stays to be read, struck out. */
const struck = (item: NewsroomItem, content: Html | string): Html =>
  item.retractedAt === null ? html`${content}` : html`<del datetime="${item.retractedAt}">${content}</del>`

/** The page is German; what is in another language says so. Each text runs in its own direction. */
const langOf = ({ language }: Post): Html => html` dir="auto"${language !== 'de' && html` lang="${language}"`}`

const picture = (image: PostImage): Html =>
  html`<img class="item-image" src="/media/${image.id}" alt="${image.alt}" width="${image.width}" height="${image.height}" loading="lazy" decoding="async">`

/** Nothing of a film is loaded before somebody wants to see it. */
const film = (video: PostVideo): Html =>
  html`<figure class="item-film"><video class="item-image" controls preload="none" width="${video.width}" height="${video.height}" aria-label="${video.alt}"><source src="/media/${video.id}" type="${video.type}">${video.captions.map(
    ({ id, language }, at) =>
      html`<track kind="captions" src="/media/${id}" srclang="${language}" label="Untertitel (${language})"${at === 0 && html` default`}>`,
  )}<a class="kern-link" href="/media/${video.id}">Video herunterladen</a></video><figcaption>${video.alt}</figcaption></figure>`

const linkLine = (link: string, title: string): Html =>
  html`<a class="kern-link" href="${link}" aria-label="Mehr dazu auf ${hostOf(link)}: ${title}">Mehr dazu auf ${hostOf(link)}</a>`
