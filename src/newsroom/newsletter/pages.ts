// The pages of a newsletter: the form, what follows on it, and the two buttons, to confirm and to leave. No script, no cookie.
import { type Html, html, type Part } from '../../pages/html.ts'
import type { Channel, City } from '../../policy/policy.ts'
import { frame } from '../frame.ts'
import { nameOf } from './channel.ts'

/** What went wrong with the form, in words; null: nothing. */
export interface FormState {
  readonly typed: string
  readonly wrong: 'no-address' | 'no-letter' | 'too-often' | null
}

const sentences: Readonly<Record<NonNullable<FormState['wrong']>, string>> = {
  'no-address': 'Bitte geben Sie eine vollständige E-Mail-Adresse an, zum Beispiel vorname@beispiel.de.',
  'no-letter': 'Die Bestätigungs-E-Mail konnte gerade nicht gesendet werden. Bitte versuchen Sie es in einigen Minuten noch einmal.',
  'too-often': 'Von hier kamen gerade sehr viele Bestellungen. Bitte versuchen Sie es in zehn Minuten noch einmal.',
}

export const formPage = (city: City, channel: Channel, publicUrl: string, { typed, wrong }: FormState): Html =>
  page(city, {
    title: nameOf(city, channel),
    canonical: wrong === null ? `${publicUrl}/${city.key}/newsletter` : null,
    main: html`<p>Alle Meldungen, die für diesen Kanal bestimmt sind, als E-Mail: ohne Bilder, ohne Zählpixel, jederzeit mit einem Klick abbestellt.</p>
<form class="form" method="post" action="/${city.key}/newsletter" novalidate>
${wrong === null ? null : alertOf(sentences[wrong])}<div class="kern-form-input${wrong === 'no-address' && ' kern-form-input--error'}">
<label class="kern-label" for="address">E-Mail-Adresse</label>
<input class="kern-form-input__input${wrong === 'no-address' && ' kern-form-input__input--error'}" id="address" name="address" type="email" autocomplete="email" required maxlength="254" value="${typed}"${wrong === 'no-address' && html` aria-invalid="true" aria-describedby="wrong"`}>
</div>
<div class="trap" aria-hidden="true"><label for="website">Bitte frei lassen</label><input id="website" name="website" tabindex="-1" autocomplete="off"></div>
<p>Mit dem Absenden willigen Sie ein, dass ${city.city} Ihre Adresse speichert, um Ihnen diesen Newsletter zu senden. Sie können die Einwilligung jederzeit widerrufen: mit dem Link in jeder Ausgabe. Dann senden wir Ihnen nichts mehr, und Ihre Adresse wird nach 30 Tagen gelöscht.</p>
<button class="kern-btn kern-btn--primary" type="submit"><span class="kern-label">Newsletter bestellen</span></button>
</form>`,
  })

/** The same for every address: whether it is known is nobody's business. */
export const askedPage = (city: City): Html =>
  page(city, {
    title: 'Bitte sehen Sie in Ihr Postfach',
    main: html`<p>Wir haben Ihnen eine E-Mail geschrieben. Öffnen Sie darin den Link und bestätigen Sie die Bestellung innerhalb von 48 Stunden; erst dann bekommen Sie den Newsletter.</p>
<p>Ist nach einigen Minuten nichts da? Sehen Sie bitte auch im Spam-Ordner nach.</p>`,
  })

export const confirmPage = (city: City, channel: Channel): Html =>
  page(city, {
    title: 'Newsletter bestätigen',
    main: buttonForm(`Möchten Sie „${nameOf(city, channel)}“ von jetzt an bekommen?`, 'Ja, Newsletter bekommen'),
  })

export const confirmedPage = (city: City): Html =>
  page(city, {
    title: 'Ihre Bestellung ist bestätigt',
    main: html`<p>Von jetzt an bekommen Sie den Newsletter. Abbestellen können Sie ihn mit dem Link am Ende jeder Ausgabe.</p>`,
  })

export const leavePage = (city: City, channel: Channel): Html =>
  page(city, {
    title: 'Newsletter abbestellen',
    main: buttonForm(`Möchten Sie „${nameOf(city, channel)}“ nicht mehr bekommen?`, 'Newsletter abbestellen'),
  })

export const leftPage = (city: City): Html =>
  page(city, {
    title: 'Der Newsletter ist abbestellt',
    main: html`<p>Sie bekommen ihn nicht mehr. Ihre Adresse wird nach 30 Tagen gelöscht.</p>
<p>War das ein Versehen? <a class="kern-link" href="/${city.key}/newsletter">Newsletter wieder bestellen</a></p>`,
  })

/** The link is unknown here, or its time is over. */
export const staleLinkPage = (city: City): Html =>
  page(city, {
    title: 'Dieser Link gilt nicht mehr',
    main: html`<p>Links zum Bestätigen gelten 48 Stunden. <a class="kern-link" href="/${city.key}/newsletter">Newsletter noch einmal bestellen</a></p>`,
  })

interface Content {
  readonly title: string
  readonly main: Part
  readonly canonical?: string | null
}

const page = (city: City, { title, main, canonical = null }: Content): Html =>
  frame({
    city,
    title: `${title} – ${city.city}`,
    description: `${title}: ${city.city}`,
    canonical,
    forms: true,
    header: html`<p class="head-kind">Social Media Newsroom</p>
<h1 class="head-title"><a href="/${city.key}">${city.city}</a></h1>`,
    main: html`<div class="single letter"><h2 class="section-title">${title}</h2>
${main}
<p><a class="kern-link" href="/${city.key}">Alle Meldungen: ${city.city}</a></p></div>`,
  })

/** A button and not a link: programs that look into mails follow links, and press no buttons. */
const buttonForm = (question: string, words: string): Html => html`<form class="form" method="post">
<p>${question}</p>
<button class="kern-btn kern-btn--primary" type="submit"><span class="kern-label">${words}</span></button>
</form>`

const alertOf = (sentence: string): Html => html`<div class="kern-alert kern-alert--danger" role="alert">
<div class="kern-alert__header"><span class="kern-icon kern-icon--danger" aria-hidden="true"></span><p class="alert-kind" id="wrong">${sentence}</p></div></div>
`
