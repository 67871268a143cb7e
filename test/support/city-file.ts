// A right city file, what is made wrong in it, and how it is refused then.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { z } from 'zod'
import { loadCities } from '../../config/cities.ts'
import { type Problem, Refusal } from '../../src/announcement/refusal.ts'
import type { AnyConnector, Connectors } from '../../src/connector/connector.ts'
import { secret } from '../../src/connector/secret.ts'

const mastodon = {
  platform: 'mastodon',
  title: 'Mastodon',
  settings: z.strictObject({ base: z.url(), token: secret() }),
} as unknown as AnyConnector
export const connectors: Connectors = new Map([['mastodon', mastodon]])

/** A right file of 14 lines; a row of a table replaces one of them. */
export const right = [
  'city: Bonn', // 1
  'key: bonn', // 2
  'ars: "053140000000"', // 3
  'quiet-hours: { from: "22:00", to: "06:00" }', // 4
  'channels:', // 5
  '  - name: newsroom', // 6
  '    platform: newsroom', // 7
  '  - name: mastodon-bonn', // 8
  '    platform: mastodon', // 9
  '    settings: { base: "https://social.example", token: "env:BONN_TOKEN" }', // 10
  'rules:', // 11
  '  - name: Alles', // 12
  '    when: { kind: [notice, warning] }', // 13
  '    channels: [newsroom, mastodon-bonn]', // 14
]

export const folder = mkdtempSync(join(tmpdir(), 'rundruf-cities-'))
after(() => rmSync(folder, { recursive: true }))

/** Writes the files into a folder of their own, and gives it. */
export const write = (files: Readonly<Record<string, string | Uint8Array>>): string => {
  const inside = mkdtempSync(join(folder, 'case-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(inside, name), text)
  return inside
}

export const replacing = (line: number, text: string): string => right.with(line - 1, text).join('\n')

export const problemsOf = (files: Readonly<Record<string, string | Uint8Array>>): readonly Problem[] => {
  try {
    loadCities(write(files), connectors, { tolerant: false })
  } catch (error) {
    assert.ok(error instanceof Refusal, `expected a Refusal, got ${String(error)}`)
    return error.problems
  }
  return assert.fail('expected a Refusal, but the files were taken')
}

export interface Row {
  readonly mistake: string
  /** The line that is replaced, and by what. */
  readonly line: number
  readonly text: string
  readonly code: string
  /** Where the problem is said to be. */
  readonly place: string
  /** What the German sentence contains. */
  readonly de: string
}

/** A test for each row. */
export const refusesEach = (rows: readonly Row[]): void => {
  describe('a city file with', () => {
    for (const { mistake, line, text, code, place, de } of rows) {
      it(`${mistake} is refused at ${place}`, () => {
        const problems = problemsOf({ 'bonn.yaml': replacing(line, text) })
        const found = problems.find((problem) => problem.code === code && problem.place === place)
        assert.ok(found, JSON.stringify(problems, null, 2))
        assert.ok(found.de.includes(de), found.de)
        assert.ok(found.en.length > 20 && found.en !== found.de, found.en)
        assert.ok(!JSON.stringify(problems).includes('sehr-geheim'))
      })
    }
  })
}
