// The data directory is for its owner alone: what is made there, and what an earlier version left open.
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { openDataDirectory } from '../../src/data-directory.ts'
import { leaveWord } from '../../src/leave-word.ts'

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)
const asRoot = process.getuid?.() === 0

test('a new data directory is 0700', () => {
  const data = join(mkdtempSync(join(tmpdir(), 'rundruf-modes-')), 'data')
  assert.deepEqual(openDataDirectory({ data, secretKeyFile: join(data, 'secret.key') }), [])
  assert.equal(modeOf(data), '700')
})

test('a directory of 0755 and files of 0644 that were there before are tightened', () => {
  const data = join(mkdtempSync(join(tmpdir(), 'rundruf-modes-')), 'data')
  mkdirSync(data)
  chmodSync(data, 0o755)
  const files = ['api-key', 'secret.key', 'rundruf.log', 'run.json'].map((name) => join(data, name))
  for (const file of files) {
    writeFileSync(file, 'x')
    chmodSync(file, 0o644)
  }
  assert.deepEqual(openDataDirectory({ data, secretKeyFile: join(data, 'secret.key') }), [])
  assert.equal(modeOf(data), asRoot ? '711' : '700')
  for (const file of files) assert.equal(modeOf(file), '600', file)
})

test('a secret key outside of it that others can read is left as it is, and named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rundruf-modes-'))
  const secretKeyFile = join(folder, 'key')
  writeFileSync(secretKeyFile, 'x')
  chmodSync(secretKeyFile, 0o644)
  assert.deepEqual(openDataDirectory({ data: join(folder, 'data'), secretKeyFile }), [secretKeyFile])
  assert.equal(modeOf(secretKeyFile), '644')
  chmodSync(secretKeyFile, 0o400)
  assert.deepEqual(openDataDirectory({ data: join(folder, 'data'), secretKeyFile }), [])
})

test('the word of where it answers is for the owner alone', async () => {
  const data = mkdtempSync(join(tmpdir(), 'rundruf-modes-'))
  await using opening = new AsyncDisposableStack()
  await leaveWord(opening, data, { pid: 1 })
  assert.equal(modeOf(join(data, 'run.json')), '600')
})
