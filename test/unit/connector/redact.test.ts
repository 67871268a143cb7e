// Secrets are taken out of words before the words are cut: whole and in pieces, however they are written.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { quotable } from '../../../src/connector/network-failure.ts'
import { redactor } from '../../../src/connector/redact.ts'
import { aToken, pieceIn, piecesOf } from '../../support/pieces.ts'

const token = aToken(240, 1)
const fixed = { seed: 29, numRuns: 300 }

test('F29: no piece of 16 characters or more is left, wherever in the words the secret is and whatever is cut from it', () => {
  const pieces = piecesOf([token])
  fc.assert(
    fc.property(fc.nat(400), fc.nat(240), fc.nat(240), fc.string({ maxLength: 200 }), (before, a, b, after) => {
      const part = token.slice(Math.min(a, b), Math.max(a, b))
      const words = quotable(`${'x '.repeat(before)}${part}${after}`, [token])
      assert.equal(pieceIn(words, pieces), undefined)
      assert.ok(words.length <= 300)
    }),
    fixed,
  )
})

test('F29: escapes of addresses, JSON and HTML, also twice, and base64 hide no secret', () => {
  const json = JSON.stringify(token).slice(1, -1)
  const everySign = (write: (code: number) => string) => [...token].map((sign) => write(sign.charCodeAt(0))).join('')
  for (const [what, written] of Object.entries({
    address: encodeURIComponent(token),
    'address twice': encodeURIComponent(encodeURIComponent(token)),
    'every sign of an address': everySign((code) => `%${code.toString(16)}`),
    form: new URLSearchParams({ token }).toString(),
    json,
    'PHP’s JSON': json.replaceAll('/', '\\/'),
    'JSON in JSON': JSON.stringify(JSON.stringify({ token })),
    'every sign of JSON': everySign((code) => `\\u${code.toString(16).padStart(4, '0')}`),
    HTML: everySign((code) => `&#x${code.toString(16)};`),
    base64: Buffer.from(token).toString('base64'),
    base64url: Buffer.from(token).toString('base64url'),
    'base64 behind a name': Buffer.from(`bonn:${token}`).toString('base64'),
    'base64 behind another name': Buffer.from(`mainz:${token}!`).toString('base64'),
    'base64 in an address': encodeURIComponent(Buffer.from(`\0a\0${token}`).toString('base64')),
    'small letters': token.toLowerCase(),
  })) {
    const words = quotable(`the token ${written} is wrong`, [token], 2_000)
    assert.match(words, /^the token \S*\[secret\]\S* is wrong$/, what)
    assert.equal(pieceIn(words, piecesOf([token])), undefined, what)
    assert.ok(words.length < 60, `${what}: ${words}`)
  }
})

test('F29: umlauts, hexadecimal digits, escapes of programs and unseen signs hide no secret', () => {
  const umlauts = 'Grüße-aus-Köln-àÀ-2026'
  for (const written of [encodeURIComponent(umlauts), Buffer.from(umlauts).toString('latin1'), umlauts.normalize('NFD')])
    assert.match(quotable(`password ${written} wrong`, [umlauts]), /^password \[secret\] wrong$/, written)
  const everySign = (write: (code: string) => string) => [...token].map((sign) => write(sign.charCodeAt(0).toString(16))).join('')
  const pieces = [...token.matchAll(/.{1,9}/g)].map(([piece]) => piece)
  const ways = [
    Buffer.from(token).toString('hex'),
    everySign((code) => `\\x${code}`),
    everySign((code) => `\\u{${code}}`),
    ...['\u200b', '\u00ad', '<wbr>', '&#173;'].map((unseen) => pieces.join(unseen)),
  ]
  for (const written of ways) assert.equal(quotable(`token ${written} wrong`, [token], 3_000), 'token [secret] wrong', written)
})

test('a secret of fewer than 16 characters is taken out as a whole, also in base64', () => {
  const { clean } = redactor(['geheim', ''])
  assert.equal(clean('geheim, ungeheimlich und geh'), '[secret], un[secret]lich und geh')
  assert.equal(clean(`AUTH ${Buffer.from('\0newsletter@bonn.example\0geheim').toString('base64')}`).includes('Z2VoZWlt'), false)
})

test('what is no secret stays as it was written', () => {
  const { clean, finds } = redactor([token, 'geheim'])
  for (const words of ['100 % sicher: a%2Fb &amp; „Bürger*innen“ \\u00e4 https://www.bonn.de/?q=%20', token.slice(0, 15)]) {
    assert.equal(clean(words), words)
    assert.equal(finds(words), false)
  }
  assert.ok(finds(encodeURIComponent(token)))
})

test('an answer of megabytes is looked at no further than it may be shown, and its edge gives nothing away', () => {
  const pieces = piecesOf([token])
  const answer = token.repeat(50_000)
  for (let from = 0; from < 240; from += 7) assert.equal(pieceIn(quotable(answer.slice(from), [token]), pieces), undefined)
  assert.ok(quotable(' '.repeat(10_000_000), [token]).length < 5)
})
