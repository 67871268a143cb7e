// Text and tables of the command line: nothing is wider than its page, nothing is lost, nothing steers the terminal.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Column, drawTable, type Page } from '../../src/cli/table.ts'
import { fold, plain, widthOf } from '../../src/cli/text.ts'

const colourless = (width: number): Page => ({ width, paint: (_, text) => text })
const anyText = fc.oneof(fc.string({ unit: 'grapheme' }), fc.lorem({ mode: 'sentences' }), fc.webUrl())

test('folding keeps every line within its columns and every letter in its order', () => {
  fc.assert(
    fc.property(anyText.map(plain), fc.integer({ min: 2, max: 100 }), (text, columns) => {
      const lines = fold(text, columns)
      for (const line of lines) assert.ok(widthOf(line) <= columns, line)
      assert.equal(lines.join('').replaceAll(/[ \n]/g, ''), text.replaceAll(/[ \n]/g, ''))
    }),
  )
})

test('umlauts take one column, emoji and wide letters two', () => {
  assert.equal(widthOf('Größe: 5 °C'), 11)
  assert.equal(widthOf('u\u0308ber'), 4)
  assert.equal(widthOf('👩‍🚒'), 2)
  assert.equal(widthOf('漢字'), 4)
})

test('words move to the next line whole; an address is only cut when it is wider than the page', () => {
  assert.deepEqual(fold('Beleg: https://bonn.de/1', 20), ['Beleg:', 'https://bonn.de/1'])
  assert.deepEqual(fold('abcdefgh', 3), ['abc', 'def', 'gh'])
  assert.deepEqual(fold('eins\n\nzwei', 10), ['eins', '', 'zwei'])
})

test('escape sequences, control characters and changes of direction do not reach the terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      assert.doesNotMatch(plain(text), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    }),
  )
  assert.equal(plain('\u001b[31mrot\u001b[0m\u0007 \u202eund\tgut\n'), 'rot und gut\n')
})

const columns: readonly Column[] = [{ head: 'Kanal' }, { head: 'Begründung', grows: true }, { head: 'ms', align: 'right' }]

test('a table fits its page, shows every word and keeps its right edge straight', () => {
  const reasons = fc.array(fc.tuple(fc.stringMatching(/^[a-zäöü-]{1,20}$/), fc.stringMatching(/^[a-zäöüß .]{0,200}$/)), { maxLength: 8 })
  fc.assert(
    fc.property(reasons, fc.integer({ min: 60, max: 120 }), (pairs, width) => {
      const rows = pairs.map(([channel, reason]) => ({ cells: [channel, reason, '84'], notes: [`Beleg: ${reason}`] }))
      const drawn = drawTable(columns, rows, colourless(width))
      const widths = new Set(drawn.split('\n').map(widthOf))
      assert.equal(widths.size, 1)
      assert.ok(Math.max(...widths) <= width)
      assert.doesNotMatch(drawn, /…/)
    }),
  )
})

test('a table is coloured only by its page', () => {
  const row = { cells: ['newsroom', 'Grund', '84'], colours: { 0: 'green' as const } }
  const green: Page = { width: 80, paint: (colour, text) => (colour === 'green' ? `\u001b[32m${text}\u001b[39m` : text) }
  assert.ok(drawTable(columns, [row], green).includes('│ \u001b[32mnewsroom\u001b[39m │'))
  assert.ok(!drawTable(columns, [row], colourless(80)).includes('\u001b'))
})
