// Templates of a city file in which a warning or an all-clear would not show its title: refused with file, line, key and remedy.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { loadCities } from '../../config/cities.ts'
import { connectors } from '../../connectors/index.ts'
import { type Problem, Refusal } from '../../src/announcement/refusal.ts'

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'rundruf-templates-'))
})
after(() => rmSync(folder, { recursive: true }))

const problems = (...channel: readonly string[]): readonly Problem[] => {
  const head = ['city: Bonn', 'key: bonn', 'ars: "053140000000"', 'channels:', '  - name: newsroom', '    platform: newsroom']
  const rules = ['rules:', '  - name: Alles', '    channels: all']
  writeFileSync(join(folder, 'bonn.yaml'), [...head, ...channel.map((line) => `    ${line}`), ...rules].join('\n'))
  try {
    loadCities(folder, connectors, { tolerant: false })
    return []
  } catch (error) {
    assert.ok(error instanceof Refusal)
    return error.problems
  }
}

test('one template for everything that hides the title is refused, for warnings and all-clears at once', () => {
  const [found, ...others] = problems('template: "{text} {link}"')
  assert.deepEqual([found?.code, found?.place, others], ['template-without-title', 'bonn.yaml:7 channels[0].template', []])
  assert.match(found?.de ?? '', /gilt für Warnungen und Entwarnungen, zeigt aber ihren Titel nicht\. Nehmen Sie \{title\} auf/)
})

test('a template for the rest is refused where it is for all-clears, with the template to write', () => {
  const [found, ...others] = problems('template:', '  warning: "{title} {text}"', '  "*": "{text} {link}"')
  assert.deepEqual([found?.code, found?.place, others], ['template-without-title', 'bonn.yaml:9 channels[0].template.*', []])
  assert.ok(found?.de.includes(String.raw`eine eigene Vorlage: all-clear: "{title}\n\n{text}\n\n{link}".`))
})

test('a template without a title is taken where no warning and no all-clear comes', () => {
  assert.deepEqual(problems('kind: [notice, event]', 'template: "{text} {link}"'), [])
  assert.deepEqual(problems('template: { warning: "{title}", all-clear: "{title}", "*": "{text} {link}" }'), [])
})

test('a template by condition is refused as well, where warnings or all-clears can meet the condition', () => {
  const [found, ...others] = problems('templates:', '  - when: { severity: Severe }', '    text: "{text}"')
  assert.deepEqual([found?.code, found?.place, others], ['template-without-title', 'bonn.yaml:9 channels[0].templates[0].text', []])
  assert.deepEqual(problems('templates:', '  - when: { kind: notice }', '    text: "{text}"'), [])
})
