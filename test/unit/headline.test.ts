// What stands before a title: once, however its author and the city's template wrote it.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Announcement } from '../../src/announcement/announcement.ts'
import { shortTitle } from '../../src/rendering/short-title.ts'
import { anAnnouncement } from '../support/builders.ts'
import { posted, room } from '../support/posted.ts'

const firstLine = (announcement: Partial<Announcement>, template?: string, correction = false): string => {
  const channel = template === undefined ? {} : { template: { '*': template } }
  return posted({ text: 'Text.', link: null, ...announcement }, { ...room(900), correction }, channel).text.split('\n')[0] ?? ''
}
const warning = { kind: 'warning' } as const
const clear = { kind: 'all-clear' } as const

describe('the word for a warning stands before its title once', () => {
  const usual: readonly (readonly [announcement: Partial<Announcement>, line: string])[] = [
    [{ ...warning, title: 'Rauch in Beuel' }, 'WARNUNG: Rauch in Beuel'],
    [{ ...warning, title: 'WARNUNG: Rauch in Beuel' }, 'WARNUNG: Rauch in Beuel'],
    [{ ...warning, title: 'Warnung: Rauch in Beuel' }, 'WARNUNG: Rauch in Beuel'],
    [{ ...warning, title: 'warnung – Rauch in Beuel' }, 'WARNUNG: Rauch in Beuel'],
    [{ ...warning, title: 'Warnung! Rauch in Beuel' }, 'WARNUNG: Rauch in Beuel'],
    [{ ...warning, title: '⚠️ WARNUNG ⚠️: Rauch' }, '⚠️ WARNUNG ⚠️: Rauch'],
    [{ ...warning, title: '⚠️ Warnung: Rauch' }, 'WARNUNG: Rauch'],
    [{ ...warning, title: '[Warnung] Rauch' }, 'WARNUNG: Rauch'],
    [{ ...warning, title: 'Achtung! Warnung: WARNUNG: Rauch' }, 'WARNUNG: Rauch'],
    [{ ...warning, title: 'Achtung, Rauch in Beuel' }, 'WARNUNG: Rauch in Beuel'],
    [{ ...warning, title: 'Warnung vor Glätte' }, 'Warnung vor Glätte'],
    [{ ...warning, title: 'Unwetterwarnung für Bonn' }, 'Unwetterwarnung für Bonn'],
    [{ ...warning, title: 'Amtliche Warnung: Sturm' }, 'WARNUNG: Sturm'],
    [{ ...warning, title: 'Warnungen missachtet' }, 'WARNUNG: Warnungen missachtet'],
    [{ ...warning, title: 'Warnung:' }, 'Warnung:'],
    [{ ...clear, title: 'Entwarnung: Entwarnung: Beuel' }, 'ENTWARNUNG: Beuel'],
    [{ ...clear, title: 'Entwarnung für Beuel' }, 'Entwarnung für Beuel'],
    [{ ...clear, title: 'Warnung: Rauch in Beuel' }, 'ENTWARNUNG: Rauch in Beuel'],
    [{ ...clear, title: 'Warnung vor Rauch aufgehoben' }, 'ENTWARNUNG: Warnung vor Rauch aufgehoben'],
    [{ ...warning, language: 'en', title: 'Warning: smoke' }, 'WARNING: smoke'],
    [{ kind: 'notice', title: 'Warnung: Glatte Wege' }, 'Warnung: Glatte Wege'],
  ]
  for (const [announcement, line] of usual) it(`${announcement.title} → ${line}`, () => assert.equal(firstLine(announcement), line))

  const templated: readonly (readonly [announcement: Partial<Announcement>, template: string, line: string])[] = [
    [{ ...warning, title: 'Warnung vor Glätte' }, '{kind} für Aachen: {title}\n\n{text}', 'Warnung für Aachen vor Glätte'],
    [{ ...warning, title: 'WARNUNG: Glätte' }, '{kind} für Aachen: {title}\n\n{text}', 'Warnung für Aachen: Glätte'],
    [{ ...warning, title: 'Warnung vor Glätte' }, '{kind} der Stadt {city}: {title}\n\n{text}', 'Warnung der Stadt Bonn vor Glätte'],
    [{ ...warning, title: 'Warnung vor Glätte' }, '*{kind}: {title}*\n\n{text}', '*Warnung vor Glätte*'],
    [{ ...clear, title: 'Entwarnung: Glätte' }, '{kind} für Aachen: {title}\n\n{text}', 'Entwarnung für Aachen: Glätte'],
    [{ ...clear, title: 'Entwarnung für Beuel' }, '{kind} für Bonn: {title}\n\n{text}', 'Entwarnung für Beuel'],
    [{ ...warning, title: 'Glätte' }, 'WARNUNG: {title}\n\n{text}', 'WARNUNG: Glätte'],
    [{ ...warning, title: 'Warnung: Glätte' }, '⚠️ WARNUNG: {title}\n\n{text}', '⚠️ WARNUNG: Glätte'],
    [{ ...warning, title: 'Glätte' }, '{title}\n\n{text}\n\n{kind}', 'WARNUNG: Glätte'],
    [{ kind: 'event', title: 'Termin: Stadtfest' }, '{kind}: {title}\n\n{text}', 'Termin: Stadtfest'],
    [{ kind: 'event', title: 'Stadtfest' }, '{kind}: {title}\n\n{text}', 'Termin: Stadtfest'],
    [{ ...clear, title: 'Glätte' }, '{text}\n\n#Bonn', 'ENTWARNUNG: Glätte'],
  ]
  for (const [announcement, template, line] of templated)
    it(`${announcement.title} in ${template.split('\n')[0]} → ${line}`, () => assert.equal(firstLine(announcement, template), line))
})

describe('an exercise', () => {
  it('is marked once more only where its title says it apart', () => {
    const title = 'ÜBUNG: Warnung: Rauch in Beuel'
    const { text, title: headline } = posted({ ...warning, status: 'Exercise', title, text: 'Text.', link: null }, room(900))
    assert.equal(text, 'ÜBUNG – ÜBUNG – ÜBUNG\n\nWARNUNG: Rauch in Beuel\n\nText.')
    assert.equal(headline, 'ÜBUNG: WARNUNG: Rauch in Beuel')
  })

  it('keeps its word in an announcement that is none', () => {
    assert.equal(firstLine({ ...warning, title: 'ÜBUNG: Rauch in Beuel' }), 'WARNUNG: ÜBUNG: Rauch in Beuel')
  })

  it('is marked three times once, where a channel’s own text begins so', () => {
    const own = 'ÜBUNG – ÜBUNG – ÜBUNG\n\nRauch.'
    assert.equal(posted({ status: 'Exercise', link: null, channelTexts: { newsroom: own } }, room(900)).text, own)
  })
})

it('a correction says so once', () => {
  assert.equal(firstLine({ ...warning, title: 'Korrektur: WARNUNG: Rauch' }, undefined, true), 'Korrektur: WARNUNG: Rauch')
  const own = { channelTexts: { newsroom: 'Korrektur: Rauch in Vilich.' } }
  assert.equal(firstLine({ ...own }, undefined, true), 'Korrektur: Rauch in Vilich.')
})

it('a headline for a short field is whole, or a whole sentence, or the kind and the city; never half a warning', () => {
  const title = 'Leitungswasser in Beuel, Vilich, Schwarzrheindorf und allen Orten rechts des Rheins darf ab sofort nicht getrunken werden'
  const { kind, status, language, text, link, expires } = anAnnouncement({ ...warning, title })
  const content = { kind, status, title, language, text, link, expires, city: 'Bonn', correction: false }
  assert.equal(shortTitle(content, 200), `WARNUNG: ${title}`)
  assert.equal(shortTitle(content, 100), 'WARNUNG: Bonn')
  const independent = 'Schließen Sie alle Fenster und Türen in Beuel, Vilich, Schwarzrheindorf und allen Orten rechts des Rheins.'
  assert.equal(shortTitle({ ...content, title: `Bleiben Sie im Haus. ${independent}` }, 100), 'WARNUNG: Bleiben Sie im Haus. …')
  assert.ok(shortTitle({ ...content, kind: 'notice', title: 'Sitzung des Rates '.repeat(10) }, 100).length <= 100)
})
