// What a channel keeps between runs: sealed in the store, changed by one at a time, opened with the same key alone.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { sealKey, sealWith } from '../../src/access/seal.ts'
import { ChannelError } from '../../src/connector/errors.ts'
import { safeOf } from '../../src/store/safe.ts'
import { aDatabase } from '../support/database.ts'

const where = { city: 'bonn', channel: 'x-bonn' }
const seal = sealWith(Buffer.alloc(32, 7))

test('what is kept is read again, by another process too, and not to be read in the table', async () => {
  await using store = await aDatabase()
  const safe = safeOf(store.db, seal, where)
  assert.equal(await safe.read(), undefined)
  await safe.change(async () => ({ token: 'sehr-geheim' }))
  await safe.change(async (now) => ({ ...now, until: '2026' }))
  assert.deepEqual(await safeOf(store.db, seal, where).read(), { token: 'sehr-geheim', until: '2026' })
  const { sealed } = await store.db.selectFrom('safe').selectAll().executeTakeFirstOrThrow()
  assert.equal(sealed.includes('sehr-geheim'), false)
})

test('of many who want to refresh a token at once, one does, and the others take what it got', async () => {
  await using store = await aDatabase()
  let refreshed = 0
  const refresh = () =>
    safeOf(store.db, seal, where).change(async (now) => {
      if (now !== undefined) return now
      refreshed += 1
      await new Promise((done) => setTimeout(done, 20))
      return { token: `Nummer ${refreshed}` }
    })
  const tokens = await Promise.all(Array.from({ length: 8 }, refresh))
  assert.equal(refreshed, 1)
  assert.deepEqual(new Set(tokens.map((kept) => kept.token)), new Set(['Nummer 1']))
})

test('a change that fails leaves what was there, and lets the next one in', async () => {
  await using store = await aDatabase()
  const safe = safeOf(store.db, seal, where)
  await safe.change(async () => ({ token: 'alt' }))
  await assert.rejects(
    safe.change(async () => Promise.reject(new Error('die Plattform schweigt'))),
    /schweigt/,
  )
  assert.deepEqual(await safe.change(async (now) => ({ ...now, mehr: 'ja' })), { token: 'alt', mehr: 'ja' })
})

test('what a platform has given is kept, though the connection broke while it was asked', async () => {
  await using store = await aDatabase()
  const safe = safeOf(store.db, seal, where)
  const kept = await safe.change(async () => {
    await sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()`.execute(store.db)
    return { token: 'nur einmal zu haben' }
  })
  assert.deepEqual(kept, { token: 'nur einmal zu haben' })
  assert.deepEqual(await safe.read(), kept)
  assert.deepEqual(await safe.change(async (now) => ({ ...now, mehr: 'ja' })), { ...kept, mehr: 'ja' })
})

test('another key opens nothing, nor does the same key for another channel: the channel is at fault, in words', async () => {
  await using store = await aDatabase()
  await safeOf(store.db, seal, where).change(async () => ({ token: 'geheim' }))
  await assert.rejects(safeOf(store.db, sealWith(Buffer.alloc(32, 8)), where).read(), (error: Error) => {
    return error instanceof ChannelError && error.message.includes('RUNDRUF_SECRET_KEY_FILE')
  })
  await store.db.updateTable('safe').set({ channel: 'x-koeln' }).execute()
  await assert.rejects(safeOf(store.db, seal, { ...where, channel: 'x-koeln' }).read(), ChannelError)
})

test('the key is made once, for its owner alone, and a broken one is said to be none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rundruf-key-'))
  try {
    const file = join(folder, 'secret.key')
    const key = sealKey(file)
    assert.deepEqual(sealKey(file), key)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.equal(readFileSync(file, 'utf8').trim().length, 64)
    writeFileSync(file, 'kaputt')
    assert.throws(() => sealKey(file), /64 hex/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
