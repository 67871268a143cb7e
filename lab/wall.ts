// The wall: what stands on the lab's platforms, as a reader would see it. German, self-contained, without script.

import type { Faults } from './faults.ts'
import { type Html, html } from './html.ts'
import type { Ledger, LedgerEntry } from './ledger.ts'
import { cardHtml, nameOf } from './wall/card.ts'
import { colourOf, titleOf } from './wall/platforms.ts'
import { style } from './wall/style.ts'

/** What the wall looks at. */
export interface Stage {
  readonly ledger: Pick<Ledger, 'entries'>
  readonly faults: Pick<Faults, 'list'>
  readonly platforms: readonly string[]
}

/** Threads on one page. */
const pageSize = 50
/** Seconds after which a page that is not paused asks again. */
const refreshSeconds = 10

/** The platforms on which something stands, side by side with their newest posts; the others by name. */
export const indexPage = (stage: Stage): string => {
  const walls = stage.platforms.map((platform) => ({ platform, entries: stage.ledger.entries(platform) }))
  const columns = walls
    .filter(({ entries }) => entries.length > 0)
    .map(({ platform, entries }) => wallHtml(platform, entries, { from: 0, size: 15 }))
  const quiet = walls.filter(({ entries }) => entries.length === 0).map(({ platform }) => titleOf(platform))
  const main = html`<div class="columns">${columns}</div>${quiet.length > 0 && html`<p class="quiet">Noch nichts steht auf: ${quiet.join(', ')}.</p>`}`
  return shell(stage, { title: 'Probebühne', current: '', refresh: true, main })
}

/** One platform's posts, newest thread first; `account` narrows, `page` leafs back, `pause` stands still. */
export const wallPage = (stage: Stage, platform: string, query: URLSearchParams): string => {
  const account = query.get('account')
  const number = Math.max(1, Math.floor(Number(query.get('page')) || 1))
  const all = stage.ledger.entries(platform)
  const wall = wallHtml(platform, account ? all.filter((entry) => entry.account === account) : all, {
    from: (number - 1) * pageSize,
    size: pageSize,
  })
  const main = html`<div class="single">${chipsHtml(platform, all, account)}${wall}${moreHtml(platform, { account, number, more: wall.more })}</div>`
  return shell(stage, { title: `${titleOf(platform)} – Probebühne`, current: platform, refresh: number === 1 && !query.has('pause'), main })
}

/** One post with its answers, at its permanent address. */
export const postPage = (stage: Stage, entry: LedgerEntry): string => {
  const below = answersBy(stage.ledger.entries(entry.platform))
  const main = html`<div class="single"><section class="wall ${entry.platform}">${headHtml(entry.platform, nameOf(entry.account))}${threadHtml(entry, below)}</section></div>`
  return shell(stage, { title: `${nameOf(entry.account)} – Probebühne`, current: entry.platform, refresh: false, main })
}

interface Shell {
  readonly title: string
  readonly current: string
  readonly refresh: boolean
  readonly main: Html
}

const shell = (stage: Stage, { title, current, refresh, main }: Shell): string =>
  html`<!doctype html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh && html`<meta http-equiv="refresh" content="${refreshSeconds}">`}
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${{ html: style }}</style>
</head>
<body>
<header class="bar"><div>
  <h1><a href="/">Probebühne</a></h1>
  <p>So sähen es die Leserinnen und Leser. Nichts davon verlässt diese Maschine.</p>
  <nav aria-label="Plattformen">${tabHtml('/', 'Alle', current === '')}${stage.platforms.map((platform) => tabHtml(`/wall/${platform}`, titleOf(platform), current === platform))}</nav>
</div></header>
<main>${faultsHtml(stage, current)}${main}
<p class="foot">Alles, was hier je stand, auch Gelöschtes und frühere Fassungen: <a href="/ledger">Verzeichnis (JSON)</a>.
${refresh && html`Diese Seite lädt sich alle ${refreshSeconds} Sekunden neu; <a href="${current ? `/wall/${current}` : '/wall/bluesky'}?pause">anhalten</a>.`}</p></main>
</body>
</html>`.html

const tabHtml = (href: string, text: string, here: boolean): Html =>
  html`<a href="${href}"${here && html` aria-current="page"`}>${text}</a>`

const faultsHtml = (stage: Stage, current: string): Html | null => {
  const active = stage.faults.list().filter((fault) => !current || fault.platform === current)
  if (active.length === 0) return null
  const often = (left: number | 'always') =>
    left === 'always' ? 'bis es abgeschaltet wird' : left === 1 ? 'noch einmal' : `noch ${left}-mal`
  return html`<aside class="faults"><b>Störung eingeschaltet</b><ul>${active.map(
    (fault) =>
      html`<li>${titleOf(fault.platform)}: <code>${fault.fault}</code>, ${often(fault.left)}${fault.account && `, nur ${fault.account}`}</li>`,
  )}</ul></aside>`
}

const headHtml = (platform: string, count: string): Html =>
  html`<h2><span class="dot" style="background: ${colourOf(platform)}"></span><a href="/wall/${platform}">${titleOf(platform)}</a><span class="count">${count}</span></h2>`

interface Stretch {
  readonly from: number
  readonly size: number
}

const wallHtml = (platform: string, entries: readonly LedgerEntry[], { from, size }: Stretch): Html & { readonly more: boolean } => {
  const below = answersBy(entries)
  const ids = new Set(entries.map(({ id }) => id))
  const roots = entries.filter(({ replyTo }) => replyTo === null || !ids.has(replyTo)).reverse()
  const count = entries.length === 1 ? '1 Beitrag' : `${entries.length.toLocaleString('de-DE')} Beiträge`
  const threads = roots.slice(from, from + size).map((root) => threadHtml(root, below))
  const empty = html`<p class="empty">Hier steht noch nichts.</p>`
  return {
    ...html`<section class="wall ${platform}">${headHtml(platform, count)}${threads.length > 0 ? threads : empty}</section>`,
    more: roots.length > from + size,
  }
}

type Answers = ReadonlyMap<string, readonly LedgerEntry[]>

const answersBy = (entries: readonly LedgerEntry[]): Answers => {
  const below = new Map<string, LedgerEntry[]>()
  for (const entry of entries) if (entry.replyTo) below.set(entry.replyTo, [...(below.get(entry.replyTo) ?? []), entry])
  return below
}

const threadHtml = (entry: LedgerEntry, below: Answers): Html => {
  const answers = below.get(entry.id) ?? []
  const standing = answers.filter(({ deletedAt }) => deletedAt === null).length
  return html`<div class="thread">${cardHtml(entry, standing)}${answers.map((answer) => threadHtml(answer, below))}</div>`
}

const chipsHtml = (platform: string, entries: readonly LedgerEntry[], account: string | null): Html | null => {
  const accounts = [...new Set(entries.map((entry) => entry.account))].sort()
  if (accounts.length < 2) return null
  const chips = accounts.map((name) => tabHtml(`/wall/${platform}?account=${encodeURIComponent(name)}`, nameOf(name), name === account))
  return html`<nav class="chips" aria-label="Konten">${tabHtml(`/wall/${platform}`, 'Alle Konten', account === null)}${chips}</nav>`
}

const moreHtml = (platform: string, { account, number, more }: { account: string | null; number: number; more: boolean }): Html | null => {
  if (!more) return null
  const query = new URLSearchParams({ ...(account && { account }), page: String(number + 1) })
  return html`<p class="more"><a href="/wall/${platform}?${query.toString()}">Ältere Beiträge</a></p>`
}
