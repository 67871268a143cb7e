// What an operator sees while linking an account: what to do on the phone, the QR code or the code to type, and how it ended.
import type { LinkState } from '../commands/link-channel.ts'
import { type Html, html, trusted } from '../pages/html.ts'
import { alert, page } from './ops-pages.ts'

interface Channel {
  readonly city: string
  readonly channel: string
}

/** Every channel that can be linked, as links. */
export const linkListPage = (channels: readonly (Channel & { readonly title: string })[]): string =>
  page(
    'Konten verknüpfen',
    html`
      <h1 class="kern-heading-large">Konten verknüpfen</h1>
      ${
        channels.length === 0
          ? html`<p class="kern-body">Es gibt hier keinen Kanal, dessen Konto mit einem Telefon verknüpft wird.</p>`
          : html`<p class="kern-body">Bei diesen Kanälen gibt es kein Kennwort: Das Konto wird mit dem Telefon verknüpft, auf dem es angemeldet ist.</p>`
      }
      <ul class="kern-list ops-list">${channels.map(
        ({ city, channel, title }) =>
          html`<li><a class="kern-link" href="/ops/link/${city}/${channel}">${title}</a> <span class="kern-body kern-body--muted">${channel}</span></li>`,
      )}</ul>`,
  )

/** `qr`: the picture, made by us of what the platform says. */
export const linkPage = (link: Channel & LinkState): string =>
  page(
    'Konto verknüpfen',
    html`
      <p class="kern-body"><a class="kern-link" href="/ops/link">Alle Kanäle</a></p>
      <h1 class="kern-heading-large">Konto verknüpfen</h1>
      <p class="kern-body">Kanal <strong>${link.channel}</strong></p>
      ${body(link)}`,
  )

const body = (link: Channel & LinkState): Html => {
  switch (link.state) {
    case 'none':
      return form(link)
    case 'linked':
      return html`
      ${alert('Das Konto ist verknüpft.', 'success')}
      <p class="kern-body">Wurde der Kanal gesperrt, weil er nicht mehr verknüpft war, öffnet ihn <code>rundruf channels resume ${link.city} ${link.channel}</code>.</p>`
    case 'failed':
      return html`${alert(link.problem ?? 'Das Verknüpfen ist gescheitert.')}${form(link)}`
    case 'waiting':
      return waiting(link)
  }
}

const waiting = ({ qr, code }: LinkState): Html => {
  if (code !== null) return html`${onThePhone(typing)}<p class="ops-code">${code.slice(0, 4)}-${code.slice(4)}</p>${renewed}`
  if (qr !== null)
    return html`${onThePhone(scanning)}<div class="ops-qr" role="img" aria-label="QR-Code zum Verknüpfen">${trusted(qr)}</div>${renewed}`
  return html`<p class="kern-body" role="status">WhatsApp Web kommt hoch; der Code erscheint gleich.</p>${renewed}`
}

const renewed = html`<p class="kern-body kern-body--muted">Diese Seite erneuert sich von selbst.</p>`

const scanning = 'Auf „Gerät hinzufügen“ tippen und diesen Code scannen.'
const typing = 'Auf „Gerät hinzufügen“ und „Stattdessen mit Telefonnummer verknüpfen“ tippen und diesen Code eingeben.'

const onThePhone = (last: string): Html => html`
  <ol class="kern-list ops-steps">
    <li class="kern-body">WhatsApp auf dem Telefon öffnen, dem der Kanal gehört.</li>
    <li class="kern-body">Einstellungen, dann „Verknüpfte Geräte“.</li>
    <li class="kern-body">${last}</li>
  </ol>`

const form = ({ city, channel }: Channel): Html => html`
  <p class="kern-body">Nehmen Sie das Telefon zur Hand, auf dem das Konto des Kanals angemeldet ist. Dieser Zugang ist inoffiziell: WhatsApp kann
    ein Konto sperren, das ein Programm bedient.</p>
  <form method="post" action="/ops/link/${city}/${channel}" class="ops-form">
    <div class="kern-form-input">
      <label class="kern-label" for="phone">Rufnummer <span class="kern-label__optional">– Optional</span></label>
      <div class="kern-hint" id="hint">Leer: verknüpfen mit QR-Code. Mit Rufnummer (+49 …): verknüpfen mit einem Code zum Eintippen.</div>
      <input class="kern-form-input__input" id="phone" name="phone" type="tel" autocomplete="off" aria-describedby="hint">
    </div>
    <button class="kern-btn kern-btn--primary" type="submit"><span class="kern-label">Verknüpfen</span></button>
  </form>`
