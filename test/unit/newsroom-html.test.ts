// The templates let nothing out unescaped, whatever is put in.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { XmlDocument, type XmlElement } from 'libxml2-wasm'
import { html, raw, webLink, xml } from '../../src/pages/html.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('<', '>', '"', "'", '&', '\u0000', '\u000b', '\ufffe', '\ud800', ']]>', '<!--', '&lt;', 'ä', '😀', '\n'),
  }),
)

/** What a reader gets to see of a text: characters that XML forbids are gone, lone surrogates are replaced. */
const visible = (text: string): string =>
  [...text.toWellFormed()].filter((character) => /[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(character)).join('')

test('whatever is put into an HTML template, no markup of it gets out', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const page = html`<p title="${text}">${text}</p>`.toString()
      const match = /^<p title="([^"<>']*)">([^"<>']*)<\/p>$/.exec(page)
      assert.ok(match, page)
      assert.equal(match[1]!.replace(/&(amp|lt|gt|quot|#39);/g, '').includes('&'), false)
    }),
  )
})

test('whatever is put into an XML template, a parser reads exactly the same text back', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const document = XmlDocument.fromString(xml`<a b="${text}"><c>${text}</c></a>`.toString())
      const root = document.root as XmlElement
      assert.equal(root.firstChild?.content, visible(text).replace(/\r\n?/g, '\n'))
      assert.equal(
        root.attrs[0]?.value,
        visible(text)
          .replace(/\r\n/g, '\n')
          .replace(/[\t\r\n]/g, ' '),
      )
      document.dispose()
    }),
  )
})

test('markup stays markup in its own language and becomes text in the other', () => {
  assert.equal(html`<ul>${['a', '<b>'].map((item) => html`<li>${item}</li>`)}</ul>`.toString(), '<ul><li>a</li><li>&lt;b&gt;</li></ul>')
  assert.equal(xml`<d>${html`<p>${'&'}</p>`}</d>`.toString(), '<d>&lt;p&gt;&amp;amp;&lt;/p&gt;</d>')
  assert.equal(html`${xml`<a/>`}`.toString(), '&lt;a/&gt;')
  assert.equal(html`${raw`<br>`}${null}${undefined}${false}${0}`.toString(), '<br>0')
})

test('an object that only looks like markup is not trusted', () => {
  const forged = { language: 'html', toString: () => '<script>' } as unknown as string
  assert.equal(html`${forged}`.toString(), '&lt;script&gt;')
})

test('only web links may become links', () => {
  assert.equal(webLink('https://www.bonn.de/hochwasser?a=1&b=2'), 'https://www.bonn.de/hochwasser?a=1&b=2')
  for (const bad of ['javascript:alert(1)', 'data:text/html,x', ' java\nscript:alert(1)', 'mailto:a@b', '//bonn.de', 'bonn', '', null])
    assert.equal(webLink(bad), null)
})
