// How noted figures become the record of bench/reliability.json.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { merged } from '../../bench/reliability.ts'
import { figure } from '../support/figures.ts'

const folder = mkdtempSync(join(tmpdir(), 'rundruf-figures-'))
const given = process.env.RUNDRUF_FIGURES
after(() => {
  rmSync(folder, { recursive: true, force: true })
  if (given === undefined) delete process.env.RUNDRUF_FIGURES
  else process.env.RUNDRUF_FIGURES = given
})

test('a figure is one line in the file that the environment names', () => {
  const file = join(folder, 'figures')
  process.env.RUNDRUF_FIGURES = file
  figure('recoveryMs', 812.5)
  figure('first503Ms', 1100)
  assert.equal(readFileSync(file, 'utf8'), '{"name":"recoveryMs","value":812.5}\n{"name":"first503Ms","value":1100}\n')
})

test('kill loops add up, recoveries become percentiles, of everything else the worst is kept', () => {
  const run = (seed: number, lost: number) => [
    { name: 'seed', value: seed },
    { name: 'deliveries', value: 10_000 },
    { name: 'lost', value: lost },
  ]
  const recoveries = Array.from({ length: 100 }, (_, at) => ({ name: 'recoveryMs', value: 1000 + at }))
  const times = [900, 1400, 700].map((value) => ({ name: 'first503Ms', value }))
  assert.deepEqual(merged({}, [...run(7, 0), ...recoveries, ...run(8, 1), ...times]), {
    ...{ deliveries: 20_000, kills: 0, lost: 1, doubled: 0, inverted: 0, held: 0, seeds: [7, 8] },
    recovery: { p50Ms: 1049, p99Ms: 1098, samples: 100 },
    worst: { first503Ms: 1400 },
  })
})

test('what new figures do not speak of stays as it stood', () => {
  const before = merged({}, [
    { name: 'seed', value: 7 },
    { name: 'kills', value: 240 },
    { name: 'recoveryMs', value: 2000 },
    { name: 'first503Ms', value: 1400 },
  ])
  assert.deepEqual(merged(before, [{ name: 'urgentWithoutRedisMs', value: 3200 }]), {
    ...before,
    worst: { first503Ms: 1400, urgentWithoutRedisMs: 3200 },
  })
})
