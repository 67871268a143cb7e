// The faults of `npm run test:teeth` are still possible, and the tests that must notice them are there.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, test } from 'node:test'
import { faulty } from '../teeth/edit.ts'
import { teeth } from '../teeth/teeth.ts'
import { readRun, type Verdict } from '../teeth/verdict.ts'

const root = resolve(import.meta.dirname, '../..')

test('P22: there are eighteen faults, each another', () => {
  assert.equal(teeth.length, 18)
  assert.equal(new Set(teeth.map(({ fault }) => fault)).size, teeth.length)
})

for (const { fault, edits, test: file, only } of teeth)
  test(`P22: ${fault}: its place is in the code, and who must notice is there`, () => {
    const read = (path: string): string => readFileSync(resolve(root, path), 'utf8')
    for (const [path, text] of faulty(edits, read)) assert.notEqual(text, read(path), `${path} is another with the fault`)
    assert.ok(existsSync(resolve(root, file)), `${file} is there`)
    if (only !== undefined) assert.match(read(file), new RegExp(only))
  })

test('P22: an edit that finds its place no more, or twice, is an error', () => {
  const edit = { file: 'a.ts', find: 'b', replace: 'c' }
  assert.deepEqual([...faulty([edit], () => 'a b')], [['a.ts', 'a c']])
  assert.deepEqual([...faulty([edit, { ...edit, find: 'c', replace: 'd' }], () => 'a b')], [['a.ts', 'a d']], 'one edit upon the other')
  assert.throws(() => faulty([edit], () => 'a'), /stands 0 times in a\.ts/)
  assert.throws(() => faulty([edit], () => 'b b'), /stands 2 times/)
})

describe('P22: only a test that failed has noticed a fault', () => {
  const runs: readonly (readonly [what: string, lines: readonly string[], code: number | null, verdict: Verdict])[] = [
    ['all passed', ['    ok 1 - one', 'ok 1 - suite'], 0, { red: false }],
    ['one failed', ['    ok 1 - one', '    not ok 2 - two', 'not ok 1 - suite'], null, { red: true, by: 'two' }],
    ['the file does not load', ['not ok 1 - a.test.ts'], 1, { red: null, because: 'the file broke outside of its tests' }],
    ['no name fits the pattern', ['ok 1 - a.test.ts'], 0, { red: null, because: 'no test ran' }],
    ['all were skipped', ['ok 1 - one # SKIP no Redis'], 0, { red: null, because: 'no test ran' }],
    ['it broke off', ['ok 1 - one'], null, { red: null, because: 'it ended with null' }],
  ]
  for (const [what, lines, code, verdict] of runs)
    test(what, () => {
      const { read, verdict: end } = readRun('a.test.ts')
      for (const line of lines) read(line)
      assert.deepEqual(end(code), verdict)
    })
})
