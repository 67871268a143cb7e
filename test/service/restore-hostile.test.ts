// A restore takes what `backup` wrote, as data: what was changed, is sealed with another key or carries no seal is refused, and no statement in it is run.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { type Kysely, sql } from 'kysely'
import { theHouse } from '../../src/access/actor.ts'
import { actorOfKey } from '../../src/access/present.ts'
import type { Desk } from '../../src/commands/desk.ts'
import { createKey } from '../../src/commands/keys.ts'
import { insertAnnouncement } from '../../src/store/announcements.ts'
import { writeBackup } from '../../src/store/backup.ts'
import { openDatabase } from '../../src/store/database.ts'
import { insertDeliveries } from '../../src/store/deliveries.ts'
import { demandGuard } from '../../src/store/guard.ts'
import { proofWith } from '../../src/store/proof.ts'
import { restoreBackup } from '../../src/store/restore.ts'
import type { Database } from '../../src/store/tables.ts'
import { changedOnes, openDeliveries } from '../../src/store/verifying.ts'
import { changedAnnouncements } from '../../src/store/verifying-words.ts'
import { insertApproval } from '../../src/store/words.ts'
import { anAnnouncement, aPost } from '../support/builders.ts'
import { aDatabase, type TestDatabase } from '../support/database.ts'
import { testProof as proof } from '../support/proof.ts'

const foreign = proofWith(new Uint8Array(32).fill(8))
const announcementId = '01980000-0000-7000-8000-000000000001'

/** Of the announcement that was never released; its delivery is the test's own. */
const changedWordsIn = async (db: Kysely<Database>, by: typeof proof) =>
  (await changedAnnouncements(db, by)).filter(({ what }) => what !== 'release')

describe('a backup', { concurrency: 1 }, () => {
  let store: TestDatabase
  let folder: string
  let file: string
  let text: string
  let key: string

  /** On a connection that is gone afterwards: an open one would count as somebody at work. */
  const on = async <T>(work: (db: Kysely<Database>) => Promise<T>): Promise<T> => {
    const db = openDatabase({ url: store.url, max: 2 })
    return work(db).finally(() => db.destroy())
  }
  const fill = async (db: Kysely<Database>): Promise<void> => {
    await demandGuard(db, proof)
    key = (
      await createKey({ db, proof, cities: new Map() } as unknown as Desk, theHouse, { name: 'Leitstelle', role: 'admin', cities: '*' })
    ).key
    const written = { id: announcementId, content: anAnnouncement(), by: { id: 'k', person: 'anna' }, proof }
    const approval = { announcementId, revision: 1, digest: 'd', actor: 'b', person: 'bert' }
    await db.transaction().execute(async (trx) => {
      await insertAnnouncement(trx, written)
      await insertApproval(trx, proof, approval)
    })
    const release = { announcementId, revision: 1, city: 'bonn', expires: null, follows: null, suspended: new Map(), proof }
    const decision = { channel: 'c', platform: 'pager', way: 'routine', verdict: 'send', action: 'publish', target: null, doubles: 'avoid' }
    const post = { ...aPost({ text: 'Ein Satz.' }), length: 9, max: 100 }
    await db
      .transaction()
      .execute((trx) => insertDeliveries(trx, release, [{ ...decision, post, notBefore: null, standbyFor: null } as never]))
  }
  const sums = () =>
    on(async (db) => {
      const { rows } = await sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public' order by 1`.execute(
        db,
      )
      const each = rows.map(async ({ name }) => {
        const { rows: sum } = await sql`select count(*), md5(string_agg(t::text, '|' order by t::text)) from ${sql.table(name)} t`.execute(
          db,
        )
        return [name, JSON.stringify(sum[0])]
      })
      return Object.fromEntries(await Promise.all(each))
    })
  const written = (content: string): string => {
    const path = join(folder, 'other.sql.gz')
    writeFileSync(path, gzipSync(content))
    return path
  }
  const restore = (path: string, wish: { unsigned?: boolean; by?: typeof proof } = {}) =>
    restoreBackup(store.url, path, { proof: wish.by ?? proof, replace: true, unsigned: wish.unsigned ?? false })
  /** Refused with one of these codes, and nothing of the store is another. */
  const refused = async (path: string, codes: readonly string[], wish = {}): Promise<void> => {
    const before = await sums()
    await assert.rejects(restore(path, wish), (error: { code?: string }) => codes.includes(error.code ?? ''), codes.join())
    assert.deepEqual(await sums(), before, 'the store is unchanged')
  }

  before(async () => {
    store = await aDatabase()
    await store.db.destroy()
    folder = mkdtempSync(join(tmpdir(), 'rundruf-restore-'))
    file = join(folder, 'backup.sql.gz')
    await on(fill)
    await writeBackup(store.url, file, proof)
    text = gunzipSync(readFileSync(file)).toString()
  })
  after(() => store?.[Symbol.asyncDispose]())

  it('that Rundruf wrote is restored: its keys hold, and its deliveries are as they were released', async () => {
    await on((db) => db.deleteFrom('apiKey').execute())
    await restore(file)
    await on(async (db) => {
      await demandGuard(db, proof)
      assert.equal((await actorOfKey({ db, proof }, key))?.role, 'admin')
      const open = await openDeliveries(db)
      assert.equal(open.length, 1)
      assert.deepEqual(await changedOnes(db, proof, open), new Set())
      assert.deepEqual(await changedWordsIn(db, proof), [])
    })
  })

  it('in which one byte is another is refused, wherever it is', async () => {
    const places = ['Leitstelle', 'admin', 'Ein Satz.', 'create table delivery', '-- at 2', 'commit\n', '-- seal ']
    for (const place of places) {
      const at = text.indexOf(place) + place.length - 1
      const other = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1)
      assert.notEqual(other, text, place)
      await refused(written(other), ['backup-changed', 'no-backup'])
    }
    const bytes = readFileSync(file)
    for (const at of [30, Math.floor(bytes.length / 2), bytes.length - 6]) {
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] as number) ^ 0x10
      writeFileSync(join(folder, 'other.sql.gz'), flipped)
      await refused(join(folder, 'other.sql.gz'), ['backup-changed', 'no-backup'])
    }
  })

  it('that is broken off, or goes on behind its end, is refused', async () => {
    const lines = text.trimEnd().split('\n')
    for (const most of [2, 4, 20, Math.floor(lines.length / 2), lines.length - 2, lines.length - 1])
      await refused(written(`${lines.slice(0, most).join('\n')}\n`), ['no-backup'])
    writeFileSync(join(folder, 'other.sql.gz'), readFileSync(file).subarray(0, -20))
    await refused(join(folder, 'other.sql.gz'), ['no-backup'])
    await refused(written(`${text}COPY api_key ("id") FROM stdin;\n\\.\n`), ['no-backup'])
    const between = text.replace('-- end of the backup', 'COPY safe ("city") FROM stdin;\n\\.\n-- end of the backup')
    await refused(written(between), ['no-backup'])
  })

  it('that is sealed with another key, or with none, is refused in words; --unsigned takes its rows, and none of its API keys', async () => {
    await refused(file, ['backup-foreign-key'], { by: foreign })
    const earlier = text.replace('-- Rundruf backup 2', '-- Rundruf backup 1').replace(/^-- (key|seal) .*\n/gm, '')
    await refused(written(earlier), ['backup-unsealed'])
    for (const [path, by] of [
      [file, foreign],
      [written(earlier), proof],
    ] as const) {
      await restore(path, { unsigned: true, by })
      await on(async (db) => {
        await demandGuard(db, by)
        await assert.rejects(demandGuard(db, by === proof ? foreign : proof), { code: 'foreign-secret-key' })
        assert.equal(await actorOfKey({ db, proof: by }, key), undefined)
        assert.deepEqual(await changedOnes(db, by, await openDeliveries(db)), new Set())
        assert.deepEqual(await changedWordsIn(db, by), [])
      })
    }
  })

  it('whose statements would run a program, drop a table or make a function runs none of them, also with --unsigned', async () => {
    const proofOfRun = join(folder, 'was-run')
    const hostile = [
      `copy (select 1) to program 'touch ${proofOfRun}'`,
      `COPY api_key TO PROGRAM 'touch ${proofOfRun}'`,
      `do $$ begin execute 'create table made_by_file ()'; end $$`,
      `create table made_by_file ()`,
    ].join('\n;\n')
    const earlier = text.replace('-- Rundruf backup 2', '-- Rundruf backup 1').replace(/^-- (key|seal) .*\n/gm, '')
    await refused(written(text.replace('\nbegin\n;\n', `\nbegin\n;\n${hostile}\n;\n`)), ['backup-changed'])
    await restore(written(earlier.replace('\nbegin\n;\n', `\nbegin\n;\n${hostile}\n;\n`)), { unsigned: true })
    assert.equal(existsSync(proofOfRun), false)
    const { rows } = await on((db) => sql`select 1 from pg_tables where tablename = 'made_by_file'`.execute(db))
    assert.deepEqual(rows, [])
  })

  it('with rows for a table or a column that Rundruf does not have is refused, also with --unsigned', async () => {
    const earlier = text.replace('-- Rundruf backup 2', '-- Rundruf backup 1').replace(/^-- (key|seal) .*\n/gm, '')
    for (const copy of ['pg_authid ("rolname")', 'api_key ("id", "xmin")', 'pg_proc ("proname")', 'sending_pause ("ctid")'])
      await refused(written(earlier.replace('\ncommit\n', `\nCOPY ${copy} FROM stdin;\n\\.\ncommit\n`)), ['no-backup'], { unsigned: true })
  })

  it('is not written with a secret key that does not guard the store', async () => {
    await assert.rejects(writeBackup(store.url, join(folder, 'third.sql.gz'), foreign), { code: 'foreign-secret-key' })
  })
})
