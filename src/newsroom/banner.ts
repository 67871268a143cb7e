// The warnings that hold now, above everything else.

import { localTime } from '../announcement/local-time.ts'
import { type Html, html } from '../pages/html.ts'
import type { City } from '../policy/policy.ts'
import type { NewsroomItem } from '../store/newsroom.ts'
import { addressOf, toneOf } from './item-view.ts'
import { excerpt, paragraphs } from './text.ts'
import { bodyOf, knownOf, plainTitle } from './wording.ts'
import { kindLine } from './words.ts'

/** The most warnings that the banner spells out. */
export const bannerMax = 5

/** Nothing where no warning holds. On the page of all cities each warning has the name of its own. */
export const banner = (warnings: readonly NewsroomItem[], on: City | ReadonlyMap<string, City>): Html | null => {
  if (warnings.length === 0) return null
  return html`<section class="banner" aria-labelledby="warnungen">
<h2 class="section-title" id="warnungen">${warnings.length === 1 ? 'Aktuelle Warnung' : 'Aktuelle Warnungen'}</h2>
${warnings.slice(0, bannerMax).map((item) => ('get' in on ? warning(item, on.get(item.city), true) : warning(item, on, false)))}</section>
`
}

const warning = (item: NewsroomItem, city: City | undefined, named: boolean): Html => {
  const { post } = item
  const tone = toneOf(post)
  const until = post.expires === null ? null : ` · gültig bis ${localTime(post.expires)}`
  const lang = post.language !== 'de' && html` lang="${post.language}"`
  return html`<div class="kern-alert kern-alert--${tone} alert${post.severity === 'Extreme' && ' alert-extreme'}">
<div class="kern-alert__header"><span class="kern-icon kern-icon--${tone}" aria-hidden="true"></span>
<p class="alert-kind">${named && city && `${city.city} · `}${kindLine(post)}</p></div>
<div class="kern-alert__body"><h3 class="alert-title" dir="auto"${lang}><a href="${addressOf(item)}">${plainTitle(post)}</a></h3>
<div class="item-text" dir="auto"${lang}>${paragraphs(excerpt(bodyOf(post).text, 600, post.kind).text, knownOf(post, city))}</div>
<p class="alert-meta">Seit dem <time datetime="${item.publishedAt}">${localTime(item.publishedAt)}</time>${until}</p></div></div>
`
}
