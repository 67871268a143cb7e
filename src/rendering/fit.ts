// Makes the text of a post fit: which of its forms goes to a channel, and what is said of it to whoever releases it.
import type { Measured, Ruler } from './ruler.ts'
import { shorten } from './shorten.ts'
import { type Content, isGrave, type Layout, layOut, ownWords, titleAlone } from './templates.ts'

export interface Fitted extends Measured {
  /** German sentences on what had to give way. */
  readonly notes: readonly string[]
}

/** Why no form fits, as a German sentence with the number of characters to lose and the field to fill. */
export interface Misfit {
  readonly reason: string
}

/** What is to be said on a channel. */
export interface Wish {
  /** The channel's name: under it a person gives it a text of its own. */
  readonly channel: string
  readonly content: Content
  /** The channel's own text; undefined: none. */
  readonly own: string | undefined
  readonly template: string | undefined
  /** True where the platform shows the link beside the text. */
  readonly linkBeside: boolean
}

/** A text and what is noted about it. */
interface Form {
  readonly text: string
  readonly note: string
}

/**
 * The first form that fits. A notice or event: whole, shortened, title and link. A warning or all-clear gives way in this order: the link
 * in the text where the platform shows it beside, sentences from the end, what the template adds, the whole text, the time until which it
 * holds, the link. It is refused only where its title does not fit; no sentence of it is cut.
 */
export const fit = (wish: Wish, ruler: Ruler): Fitted | Misfit => {
  for (const { text, note } of isGrave(wish.content) ? graveForms(wish, ruler) : everydayForms(wish, ruler)) {
    const fitted = ruler.fitted(text)
    if (fitted !== null) return { ...fitted, notes: note === '' ? [] : [note] }
  }
  return refusal(wish, ruler)
}

const wholeOf = ({ before, text, after }: Layout): string => before + text + after
const ownOf = (content: Content, text: string): string => wholeOf(ownWords({ ...content, text }))

function* everydayForms({ content, own, template, linkBeside }: Wish, ruler: Ruler): Generator<Form> {
  if (own !== undefined) return yield { text: ownOf(content, own), note: '' }
  const unshortened = wholeOf(layOut(content, template))
  yield { text: unshortened, note: '' }
  const tooMany = ruler.tooMany(unshortened)
  const note = `Der Text ist für ${ruler.platform} gekürzt${tooMany === null ? '' : `: Er hat ${tooMany}`}.`
  for (const layout of [layOut(content, template, 'link'), ...(linkBeside ? [layOut({ ...content, link: null }, template)] : [])]) {
    const text = shorten(layout.text, (beginning) => ruler.fits(wholeOf({ ...layout, text: beginning })))
    if (text !== '') yield { text: wholeOf({ ...layout, text }), note: text === layout.text ? '' : note }
    else if (content.link !== null) yield { text: joined(layout), note }
  }
}

const joined = ({ before, after }: Layout): string => [before.trimEnd(), after.trimStart()].filter((part) => part !== '').join('\n\n')

function* graveForms(wish: Wish, ruler: Ruler): Generator<Form> {
  const { content, own, template, linkBeside } = wish
  const unlinked = { ...content, link: null }
  const lost = content.link === null || linkBeside ? '' : `Der Link hat auf ${ruler.platform} keinen Platz.`
  if (own !== undefined) yield { text: ownOf(content, own), note: '' }
  if (own !== undefined) yield { text: ownOf(unlinked, own), note: lost }
  const instead = own === undefined ? '' : `${faultOf(ownOf(unlinked, own), 'Der eigene Text dieses Kanals', ruler)}.`
  yield { text: wholeOf(layOut(content, template)), note: instead }
  const say = sayings(wish, ruler)
  const note = (...sentences: readonly string[]): string => [instead, ...sentences].filter((sentence) => sentence !== '').join(' ')
  if (linkBeside) yield { text: wholeOf(layOut(unlinked, template)), note: note('Den Link zeigt dort nur die Karte unter dem Text.') }
  const linked = linkBeside ? unlinked : content
  for (const layout of [layOut(linked, template, 'link'), layOut(linked, undefined, 'link')]) yield* whole(layout, ruler, note(say.cut))
  yield { text: titleAlone(content), note: note(say.alone) }
  yield { text: titleAlone({ ...content, expires: null }), note: note(say.alone) }
  yield* whole(layOut(unlinked, undefined), ruler, note(say.cut, lost))
  yield { text: titleAlone(unlinked), note: note(say.alone, lost) }
  yield { text: titleAlone({ ...unlinked, expires: null }), note: note(say.alone, lost) }
}

/** With as many whole sentences as fit; nothing where not even the first does. */
function* whole(layout: Layout, ruler: Ruler, note: string): Generator<Form> {
  const text = shorten(layout.text, (beginning) => ruler.fits(wholeOf({ ...layout, text: beginning })), 'sentence')
  if (text !== '') yield { text: wholeOf({ ...layout, text }), note }
}

const sayings = ({ channel, content, template }: Wish, ruler: Ruler): { readonly cut: string; readonly alone: string } => {
  const wrong = faultOf(wholeOf(layOut(content, template)), 'Die Meldung', ruler)
  const ask = `Soll dort etwas anderes stehen, schreiben Sie ${fieldOf(channel)}.`
  return {
    cut: `${wrong}: Dort steht weniger, aber kein halber Satz. ${ask}`,
    alone: `${wrong}, und kein ganzer Satz des Textes passt: Dort steht nur der Titel. ${ask}`,
  }
}

const faultOf = (text: string, what: string, { platform, tooMany, excess }: Ruler): string => {
  const many = tooMany(text)
  return many === null ? `${what} ist für ${platform} um ${excess(text).over} zu lang` : `${what} hat für ${platform} ${many}`
}

const refusal = ({ channel, content, own, template }: Wish, ruler: Ruler): Misfit => {
  const otherwise = `oder schreiben Sie ${fieldOf(channel)}`
  if (isGrave(content)) return tooLong('Schon der Titel ist', titleAlone({ ...content, link: null, expires: null }), { ruler, otherwise })
  if (own !== undefined) return tooLong('Der eigene Text dieses Kanals ist', ownOf(content, own), { ruler })
  const layout = layOut(content, template, 'link')
  if (ruler.fits(joined(layout)))
    return tooLong('Der Text lässt sich nicht so kürzen, dass er noch dasselbe sagt; ganz ist der Beitrag', wholeOf(layout), {
      ruler,
      otherwise,
    })
  return tooLong(content.link === null ? 'Schon der Titel ist' : 'Schon Titel und Link sind', joined(layout), { ruler, otherwise })
}

const tooLong = (what: string, text: string, { ruler, otherwise }: { readonly ruler: Ruler; readonly otherwise?: string }): Misfit => {
  const many = ruler.tooMany(text)
  if (many !== null) return { reason: `Der Beitrag hat für ${ruler.platform} ${many}.` }
  const { is, max, over } = ruler.excess(text)
  const remedy = `Kürzen Sie um ${over}${otherwise === undefined ? '' : `, ${otherwise}`}.`
  return { reason: `${what} für ${ruler.platform} zu lang: ${is}, höchstens ${max} sind möglich. ${remedy}` }
}

/** How a person gives this channel a text of its own. */
const fieldOf = (channel: string): string => `einen eigenen Text für diesen Kanal: channelTexts: { "${channel}": "…" }`
