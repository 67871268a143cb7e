// A folder that lies encrypted while nobody has it open: nothing in clear, nothing believed that was changed, one at a time.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { vaultIn } from '../../src/access/vault.ts'
import { ChannelError } from '../../src/connector/errors.ts'

const key = Buffer.alloc(32, 1)

const aFolder = async (t: TestContext) => {
  const folder = await mkdtemp(join(tmpdir(), 'rundruf-vault-test-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('what was put in comes out again, and nothing of it lies there in clear meanwhile', async (t) => {
  const folder = await aFolder(t)
  const vault = vaultIn({ folder, key, purpose: 'bonn/whatsapp' })
  const first = await vault.open()
  assert.deepEqual(await readdir(first.folder), [])
  await mkdir(join(first.folder, 'profile/Default'), { recursive: true })
  await writeFile(join(first.folder, 'profile/Default/keys'), 'geheimer Schlüssel')
  await writeFile(join(first.folder, 'leer'), '')
  await writeFile(join(first.folder, 'gross'), Buffer.alloc(3_000_000, 'ab'))
  await symlink('/etc/hostname', join(first.folder, 'link'))
  await first.close()
  assert.deepEqual(await readdir(folder), ['sealed'])
  assert.ok(!(await readFile(join(folder, 'sealed'))).includes('geheimer'))
  const second = await vault.open()
  assert.deepEqual((await readdir(second.folder)).sort(), ['gross', 'leer', 'profile'])
  assert.equal(await readFile(join(second.folder, 'profile/Default/keys'), 'utf8'), 'geheimer Schlüssel')
  assert.deepEqual(await readFile(join(second.folder, 'gross')), Buffer.alloc(3_000_000, 'ab'))
  await second.close()
})

test('another key, another channel or a changed byte opens nothing, and leaves nothing in clear', async (t) => {
  const folder = await aFolder(t)
  const opened = await vaultIn({ folder, key, purpose: 'bonn/whatsapp' }).open()
  await writeFile(join(opened.folder, 'keys'), 'x'.repeat(100_000))
  await opened.close()
  await assert.rejects(vaultIn({ folder, key: Buffer.alloc(32, 2), purpose: 'bonn/whatsapp' }).open(), ChannelError)
  await assert.rejects(vaultIn({ folder, key, purpose: 'mainz/whatsapp' }).open(), ChannelError)
  const sealed = await readFile(join(folder, 'sealed'))
  for (const size of [0, 5, sealed.length - 1]) {
    await writeFile(join(folder, 'sealed'), sealed.subarray(0, size))
    await assert.rejects(vaultIn({ folder, key, purpose: 'bonn/whatsapp' }).open(), ChannelError)
  }
  sealed[50] = (sealed[50] ?? 0) ^ 1
  await writeFile(join(folder, 'sealed'), sealed)
  await assert.rejects(vaultIn({ folder, key, purpose: 'bonn/whatsapp' }).open(), ChannelError)
  assert.deepEqual(await readdir(folder), ['sealed'])
})

test('who comes second waits until the first has closed', async (t) => {
  const folder = await aFolder(t)
  const vault = vaultIn({ folder, key, purpose: 'bonn/whatsapp' })
  const first = await vault.open()
  await writeFile(join(first.folder, 'count'), '1')
  const second = vault.open()
  await writeFile(join(first.folder, 'count'), '2')
  await first.close()
  const opened = await second
  assert.equal(await readFile(join(opened.folder, 'count'), 'utf8'), '2')
  await opened.close()
})

test('what a killed process left open is taken as it is, once nobody speaks for it any more', async (t) => {
  const folder = await aFolder(t)
  const vault = vaultIn({ folder, key, purpose: 'bonn/whatsapp' })
  await mkdir(join(folder, 'open'))
  await writeFile(join(folder, 'open', 'keys'), 'neuer')
  await writeFile(join(folder, 'lock'), '1')
  const longAgo = new Date(Date.now() - 60_000)
  await utimes(join(folder, 'lock'), longAgo, longAgo)
  const opened = await vault.open()
  assert.equal(await readFile(join(opened.folder, 'keys'), 'utf8'), 'neuer')
  await opened.close()
  assert.ok(!existsSync(join(folder, 'open')))
})

test('what was sealed counts, not what a process that was killed while clearing up left of it', async (t) => {
  const folder = await aFolder(t)
  const vault = vaultIn({ folder, key, purpose: 'bonn/whatsapp' })
  const first = await vault.open()
  await writeFile(join(first.folder, 'keys'), 'ganz')
  await first.close()
  await mkdir(join(folder, 'open.gone'))
  await writeFile(join(folder, 'open.gone', 'rest'), 'halb')
  const opened = await vault.open()
  assert.deepEqual((await readdir(folder)).sort(), ['lock', 'open', 'sealed'])
  assert.deepEqual(await readdir(opened.folder), ['keys'])
  await opened.close()
  assert.deepEqual(await readdir(folder), ['sealed'])
})
