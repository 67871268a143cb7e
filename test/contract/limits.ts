// The limits that a connector declares are the platform's: what measures exactly as much is taken, one more is refused.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { v7 } from 'uuid'
import { tooManyIn } from '../../src/connector/numbers.ts'
import { fullText, longLink, units } from './texts.ts'
import type { World } from './world.ts'

export const limits = (world: World): void => {
  const { connector } = world
  const { text: limit } = connector.limits
  const fits = (text: string) =>
    connector.measure(text, limit) <= limit.max &&
    Buffer.byteLength(text) <= (limit.maxBytes ?? Number.POSITIVE_INFINITY) &&
    tooManyIn(text, null, limit) === null

  /** Publishes a text of exactly the limit; then one of one more. */
  const borders = async (text: string, more: string) => {
    assert.ok(fits(text) && !fits(text + more))
    await world.onlyStands(text, await world.publish(world.post({ text, link: null })))
    if (!world.options.enforcesLimits) return
    await world.fails(world.publish(world.post({ text: text + more, link: null })), 'rejected')
    assert.deepEqual(await world.standing(text + more), [])
  }

  for (const [name, unit] of Object.entries(units))
    test(`the longest text of ${name} is taken, one more is refused`, () => borders(fullText(connector, `${v7()} `, unit), 'x'))

  test('the longest text with a link is taken, one more is refused', () =>
    borders(fullText(connector, `${v7()} ${longLink} (${longLink}) `, 'ü'), 'x'))

  if (limit.maxBytes !== undefined) {
    const max = limit.maxBytes
    test('the longest text in bytes is taken, one more is refused', () => {
      const begin = `${v7()} `
      const families = begin + '👨‍👩‍👧‍👦'.repeat(Math.floor((max - begin.length) / 25))
      return borders(families + 'x'.repeat(max - Buffer.byteLength(families)), 'x')
    })
  }

  const pieces = { links: (n: number) => `https://bonn.de/${n}`, hashtags: () => '#Bonn', mentions: () => '@rhein' } as const
  for (const what of ['links', 'hashtags', 'mentions'] as const) {
    const most = limit[what]
    if (most === undefined) continue
    test(`as many ${what} as it may have are taken, one more is refused`, () =>
      borders([v7(), ...Array.from({ length: most }, (_, n) => pieces[what](n))].join(' '), ` ${pieces[what](most)}`))
  }

  if (limit.links !== undefined)
    test('the same link as often as one likes is one, with and without www. are two', async () => {
      const [same, other] = ['https://www.bonn.de/a', 'www.bonn.de/a']
      const most = Array.from({ length: (limit.links ?? 0) - 2 }, (_, n) => pieces.links(n))
      await borders([v7(), same, same, same, other, other, ...most].join(' '), ' www.bonn.de/b')
    })

  if (world.options.enforcesLimits)
    test('whatever the text, the peer takes it exactly if it measures no more than the limit', async () => {
      const piece = fc.constantFrom(
        ...Object.values(units),
        ' ',
        '\n\n',
        '. ',
        ' @rhein ',
        ' @amt@bund.example ',
        ' #Bonn ',
        ` ${longLink} `,
        ' https://a.de. ',
        ' www.bonn.de/a, ',
        ' „https://bonn.de/b“ ',
        ' https://bonn.de#jetzt ',
        ' @das.amt@social.bund.de: ',
        ' #Ü1 ',
      )
      await fc.assert(
        fc.asyncProperty(fc.array(piece, { maxLength: 30 }), fc.integer({ min: -2, max: 2 }), async (pieces, off) => {
          const full = fullText(connector, `${v7()} ${pieces.join('')}.`, 'a')
          const text = off < 0 ? full.slice(0, off) : full + 'x'.repeat(off)
          const post = world.post({ text, link: null })
          if (fits(text)) await world.publish(post)
          else await world.fails(world.publish(post), 'rejected')
        }),
        { numRuns: 25 },
      )
    })
}
