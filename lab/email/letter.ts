// Reads a letter as a mail program does: its headers (RFC 5322, RFC 2047) and its plain text (RFC 2045, RFC 2046).
import { Refused } from './answers.ts'

export interface Letter {
  /** Without its angle brackets. */
  readonly id: string
  readonly subject: string
  readonly text: string
  readonly language: string | null
  readonly inReplyTo: string | null
}

/** What servers of large providers demand of bulk mail: these headers once each, and a plain text. */
const needed = ['from', 'to', 'subject', 'date', 'message-id'] as const

/** @throws Refused (554) for a letter that no server would take */
export const readLetter = (bytes: Buffer): Letter => {
  const { headers, body } = split(bytes.toString('latin1'))
  for (const name of needed)
    if (headers.get(name)?.length !== 1) throw new Refused(554, `5.6.0 Header ${name} must stand there once`, 'DATA')
  const one = (name: string): string => headers.get(name)?.[0] ?? ''
  const id = idIn(one('message-id'))
  if (id === null) throw new Refused(554, '5.6.0 Message-ID is not valid', 'DATA')
  const text = plainText({ headers, body })
  if (text === undefined) throw new Refused(554, '5.6.0 No plain text', 'DATA')
  return { id, subject: words(one('subject')), text, language: one('content-language') || null, inReplyTo: idIn(one('in-reply-to')) }
}

interface Part {
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: string
}

const split = (source: string): Part => {
  const end = source.indexOf('\r\n\r\n')
  const head = (end < 0 ? source : source.slice(0, end)).replace(/\r\n[ \t]+/g, ' ')
  const headers = new Map<string, string[]>()
  for (const line of head.split('\r\n')) {
    const [, name = '', value = ''] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? []
    if (name !== '') headers.set(name.toLowerCase(), [...(headers.get(name.toLowerCase()) ?? []), value.trim()])
  }
  return { headers, body: end < 0 ? '' : source.slice(end + 4) }
}

const idIn = (header: string): string | null => /<([^\s<>]+@[^\s<>]+)>/.exec(header)?.[1] ?? null

/** The first `text/plain`, wherever it stands. */
const plainText = ({ headers, body }: Part): string | undefined => {
  const type = headers.get('content-type')?.[0] ?? 'text/plain'
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1]
  if (boundary !== undefined)
    return body
      .split(new RegExp(`(?:^|\r\n)--${boundary.replace(/[^\w]/g, '\\$&')}(?:--)?[ \t]*(?:\r\n|$)`))
      .slice(1)
      .map((part) => (part.trim() === '' ? undefined : plainText(split(part))))
      .find((text) => text !== undefined)
  if (!/^text\/plain\b/i.test(type)) return undefined
  const bytes = decoded(body, headers.get('content-transfer-encoding')?.[0] ?? '7bit')
  return bytes.toString('utf8').replaceAll('\r\n', '\n').replace(/\n+$/, '')
}

const decoded = (body: string, encoding: string): Buffer => {
  if (/^base64$/i.test(encoding)) return Buffer.from(body, 'base64')
  return Buffer.from(/^quoted-printable$/i.test(encoding) ? quotedPrintable(body.replace(/=[ \t]*\r\n/g, '')) : body, 'latin1')
}

const quotedPrintable = (text: string): string =>
  text.replace(/=([\dA-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

/** Encoded words of RFC 2047; white space between two of them is none. */
const words = (header: string): string =>
  Buffer.from(
    header
      .replace(/\?=\s+=\?/g, '?==?')
      .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
        kind.toLowerCase() === 'b' ? Buffer.from(text, 'base64').toString('latin1') : quotedPrintable(text.replaceAll('_', ' ')),
      ),
    'latin1',
  ).toString('utf8')
