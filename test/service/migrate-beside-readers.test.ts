// An upgrade while somebody reads the tables: it waits for them, and nobody waits behind it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openDatabase } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrate.ts'
import { aDatabase } from '../support/database.ts'
import { poll } from '../support/poll.ts'

test('behind an upgrade that waits for a backup, others go on; it is made when the backup is over', async () => {
  await using store = await aDatabase()
  // as a version before 014 left it
  await sql.raw('alter table revision drop column mac').execute(store.db)
  await sql.raw('alter table approval drop column mac').execute(store.db)
  await sql.raw('alter table guard drop column words_until, drop column words_mac').execute(store.db)
  await sql`delete from kysely_migration where name = '014-words'`.execute(store.db)
  const other = openDatabase({ url: store.url, max: 3 })
  try {
    let upgrade: Promise<readonly string[]> | undefined
    await other.transaction().execute(async (backup) => {
      await sql`lock table revision in access share mode`.execute(backup)
      upgrade = migrate(store.db)
      upgrade.catch(() => {})
      const waiting = () => sql`select from pg_locks where not granted and relation = 'revision'::regclass`.execute(other)
      await poll('the upgrade to wait', async () => (await waiting()).rows.length > 0)
      // would stand behind the upgrade until the backup is over
      await sql`select count(*) from revision`.execute(other)
    })
    assert.deepEqual(await upgrade, ['014-words'])
  } finally {
    await other.destroy()
  }
})
