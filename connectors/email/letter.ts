// A letter as it goes over the line: plain text and the same as simple HTML, with the headers of a newsletter that one click ends (RFC 8058).
import MailComposer from 'nodemailer/lib/mail-composer'
import type { Post } from '../../src/connector/connector.ts'
import { type Known, linksIn } from '../../src/connector/links.ts'
import type { Letter, Recipient } from '../../src/connector/mailing.ts'
import type { EmailSettings } from './settings.ts'

type Sender = Pick<EmailSettings, 'from' | 'replyTo'>

/** What all recipients of a mailing have in common. */
export interface Issue {
  readonly post: Post
  /** ISO 8601 UTC: the same for every attempt. */
  readonly plannedAt: string
  /** `newsletter.bonn.de`: by this mail programs sort (RFC 2919). */
  readonly listId: string
  /** Hosts of the city's own: links without a scheme. */
  readonly hosts: readonly string[]
}

/** One recipient's copy. */
export const copyFor = ({ from, replyTo }: Sender, { post, plannedAt, listId, hosts }: Issue, to: Recipient): Promise<Buffer> => {
  const name = from.name === '' ? from.address : from.name
  const footer = [`Sie erhalten diese E-Mail, weil Sie den Newsletter „${name}“ bestellt haben.`]
  return built({
    ...addressed({ from, replyTo }, to.address),
    subject: post.title,
    ...bodyOf({
      title: post.title,
      language: post.language,
      paragraphs: paragraphsOf(post.text),
      footer,
      link: { words: 'Newsletter abbestellen', url: to.unsubscribe },
      known: { own: post.link, hosts },
    }),
    messageId: to.messageId,
    date: new Date(plannedAt),
    ...(to.earlier.length > 0 && { inReplyTo: to.earlier.at(-1) ?? '', references: [...to.earlier] }),
    headers: {
      'List-Id': `<${listId}>`,
      'List-Unsubscribe': `<${to.unsubscribe}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Content-Language': post.language,
      Precedence: 'list',
      ...(isGrave(post) && { Importance: 'high', 'X-Priority': '1' }),
      ...automatic,
    },
  })
}

/** A letter about the subscription itself. */
export const single = (sender: Sender, { to, subject, paragraphs, link }: Letter): Promise<Buffer> =>
  built({
    ...addressed(sender, to),
    subject,
    ...bodyOf({
      title: subject,
      language: 'de',
      paragraphs: [...paragraphs, `${link.words}:\n${link.url}`],
      footer: [],
      link: null,
      known: { own: link.url },
    }),
    headers: { 'Content-Language': 'de', ...automatic },
  })

/** Nobody's absence shall answer (RFC 3834; the second is what Exchange listens to). */
const automatic = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' }

const addressed = ({ from, replyTo }: Sender, to: string) => ({
  from,
  // as an object: an address with a comma must not become two
  to: { name: '', address: to },
  ...(replyTo !== undefined && { replyTo }),
})

const isGrave = ({ kind, severity }: Post): boolean => kind === 'warning' && (severity === 'Extreme' || severity === 'Severe')

const built = (mail: ConstructorParameters<typeof MailComposer>[0]): Promise<Buffer> =>
  new MailComposer({ ...mail, textEncoding: 'quoted-printable', disableFileAccess: true, disableUrlAccess: true }).compile().build()

interface Body {
  readonly title: string
  readonly language: string
  readonly paragraphs: readonly string[]
  readonly footer: readonly string[]
  readonly link: { readonly words: string; readonly url: string } | null
  /** What helps to find the links in it. */
  readonly known: Known
}

const bodyOf = (body: Body) => ({ text: textOf(body), html: htmlOf(body) })

const paragraphsOf = (text: string): readonly string[] => text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== '')

const textOf = ({ paragraphs, footer, link }: Body): string => {
  const end = link === null ? [] : [['-- ', ...footer, `${link.words}: ${link.url}`].join('\n')]
  return [...paragraphs, ...end].join('\n\n')
}

/** No colours and no pictures: readable in light and dark, and nothing is fetched when it is opened. */
const htmlOf = ({ title, language, paragraphs, footer, link, known }: Body): string => {
  const shown = paragraphs.map((paragraph) =>
    paragraph.trim() === title
      ? `<h1 style="font-size:1.5em;line-height:1.25;margin:0 0 .75em">${escaped(title)}</h1>`
      : `<p style="margin:0 0 1em">${lines(paragraph, known)}</p>`,
  )
  const end =
    link === null
      ? ''
      : `<hr style="border:0;border-top:1px solid;margin:2em 0 1em">\n<p style="font-size:.875em;margin:0">${footer.map(escaped).join(' ')} <a href="${escaped(link.url)}">${escaped(link.words)}</a></p>`
  return `<!doctype html>
<html lang="${escaped(language)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${escaped(title)}</title></head>
<body style="margin:0;padding:1.5em 1em"><div style="max-width:40em;margin:0 auto;font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere">
${shown.join('\n')}
${end}
</div></body>
</html>`
}

const lines = (paragraph: string, known: Known): string =>
  paragraph
    .split('\n')
    .map((line) => linked(line, known))
    .join('<br>')

const linked = (line: string, known: Known): string => {
  let html = ''
  let at = 0
  for (const { start, end, url } of linksIn(line, known)) {
    html += `${escaped(line.slice(at, start))}<a href="${escaped(url)}">${escaped(line.slice(start, end))}</a>`
    at = end
  }
  return html + escaped(line.slice(at))
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.toWellFormed().replace(/[&<>"']/g, (character) => entities[character] ?? '')
