// The last copies on disk: whole or not at all, under safe names, confirmed while nothing changes.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { patient } from '../../src/newsroom/from-copy.ts'
import { lastCopies } from '../../src/newsroom/last-copy.ts'

test('a copy is read back as it was kept, and nothing else is left in the folder', async (context) => {
  const directory = await folder(context)
  const copies = lastCopies(directory)
  await Promise.all(Array.from({ length: 20 }, (_, index) => copies.keep('bonn/index.html', `<p>${index}</p>`)))
  assert.equal((await copies.read('bonn/index.html'))?.body.toString(), '<p>19</p>')
  await copies.keep('bonn/index.html', 'zuletzt')
  assert.equal((await copies.read('bonn/index.html'))?.body.toString(), 'zuletzt')
  assert.deepEqual(await readdir(join(directory, 'bonn')), ['index.html'])
  assert.equal(await copies.read('mainz/index.html'), undefined)
})

test('since when a page looks as it does changes with the page only', async (context) => {
  const copies = lastCopies(await folder(context))
  const first = await copies.keep('index.html', 'eins')
  assert.equal(await copies.keep('index.html', 'eins'), first)
  assert.notEqual(await copies.keep('index.html', 'zwei'), first)
})

test('a process that starts anew confirms the copy that it finds', async (context) => {
  const directory = await folder(context)
  await lastCopies(directory).keep('index.html', 'eins')
  await utimes(join(directory, 'index.html'), 0, 0)
  const copies = lastCopies(directory)
  assert.equal((await copies.read('index.html'))?.at.getTime(), 0)
  await copies.keep('index.html', 'eins')
  assert.notEqual((await copies.read('index.html'))?.at.getTime(), 0)
})

test('no name leads out of the folder', async (context) => {
  const copies = lastCopies(await folder(context))
  for (const name of ['../x', 'bonn/../../x', '/etc/passwd', '.x', 'bonn/.x', 'a//b', 'a\\b', 'a\u0000b', 'Ä', ''])
    for (const act of [() => copies.keep(name, ''), () => copies.lay(name, Buffer.from('x')), () => copies.open(name)])
      await assert.rejects(async () => act(), /not a name of a copy/)
})

test('what never changes is laid down once and read in parts, byte for byte', async (context) => {
  const directory = await folder(context)
  const copies = lastCopies(directory)
  assert.equal(await copies.open('media/a.png'), undefined)
  const bytes = randomBytes(150_000)
  await copies.lay('media/a.png', bytes)
  const copy = await copies.open('media/a.png')
  assert.equal(copy?.size, bytes.length)
  for (const [from, to] of [
    [0, 150_000],
    [0, 1],
    [65_536, 131_073],
    [149_999, 150_000],
  ] as const)
    assert.ok(Buffer.concat(await Array.fromAsync(copy?.read({ from, to }) ?? [])).equals(bytes.subarray(from, to)))
  assert.deepEqual(await readdir(join(directory, 'media')), ['a.png'])
})

test('what was cut short on disk is laid down anew, and what is empty or no file is no copy', async (context) => {
  const directory = await folder(context)
  const copies = lastCopies(directory)
  const bytes = Buffer.from('ein Bild')
  await copies.lay('a.png', bytes)
  await truncate(join(directory, 'a.png'), 3)
  assert.equal((await copies.open('a.png'))?.size, 3)
  await copies.lay('a.png', bytes)
  assert.equal((await copies.open('a.png'))?.size, bytes.length)
  await truncate(join(directory, 'a.png'), 0)
  assert.equal(await copies.open('a.png'), undefined)
  await writeFile(join(directory, 'file'), '')
  assert.equal(await copies.open('file/a.png'), undefined)
})

test('what could not be put into its place leaves nothing beside it', async (context) => {
  const directory = await folder(context)
  const copies = lastCopies(directory)
  await mkdir(join(directory, 'a.png'))
  await assert.rejects(copies.lay('a.png', Buffer.from('ein Bild')))
  await assert.rejects(copies.keep('a.png', 'eine Seite'))
  assert.deepEqual(await readdir(directory), ['a.png'])
})

test('a store that does not answer is not waited for twice', async () => {
  const ask = patient(20)
  let asked = 0
  const silence = () => new Promise<string>(() => void asked++)
  await assert.rejects(ask(silence), /no answer within/)
  await assert.rejects(ask(silence), /just given no answer/)
  assert.equal(asked, 1)
})

test('a store that says no at once is asked again at once', async () => {
  const ask = patient(1_000)
  await assert.rejects(
    ask(async () => Promise.reject(new Error('refused'))),
    /refused/,
  )
  assert.equal(await ask(async () => 'da'), 'da')
})

const folder = async (context: { after(done: () => Promise<void>): void }): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'rundruf-copies-'))
  context.after(() => rm(directory, { recursive: true }))
  return directory
}
