// The API's process, dying around a COMMIT or in the middle of a migration: `node test/support/dying-api.ts POINT`, never where none is named.
// It notices by what is said to PostgreSQL, so that the product knows nothing of it. Says `ready` when it answers.
import pg from 'pg'
import { readConfig } from '../../config/config.ts'
import { open } from '../../src/join.ts'
import type { CrashPoint } from './crash-points.ts'
import { connectorsWithFar } from './far-connector.ts'

const [part, at, counted = '1'] = (process.argv[2] ?? '').split(':')
const point = `${part}:${at}` as CrashPoint
let arrived = 0

const reach = (reached: CrashPoint): void => {
  if (reached !== point) return
  arrived += 1
  if (arrived === Number(counted)) process.kill(process.pid, 'SIGKILL')
}

/** What the transaction of a connection is for. */
const purposes = new WeakMap<object, 'prepare' | 'release' | 'start'>()
const query = pg.Client.prototype.query as (...args: unknown[]) => Promise<unknown>

const watched = async function (this: object, ...args: unknown[]): Promise<unknown> {
  const first = args[0] as string | { readonly text?: string }
  const text = typeof first === 'string' ? first : (first.text ?? '')
  if (/insert into "?derived_media/.test(text)) purposes.set(this, 'prepare')
  if (/insert into "?outbox/.test(text)) purposes.set(this, 'release')
  if (/create table "?delivery/.test(text)) purposes.set(this, 'start')
  const purpose = purposes.get(this)
  if (text !== 'commit' || purpose === undefined) {
    const result = await query.apply(this, args)
    if (/^create table/.test(text)) reach('start:in-migration')
    return result
  }
  purposes.delete(this)
  reach(`${purpose}:before-commit`)
  const result = await query.apply(this, args)
  reach(`${purpose}:after-commit`)
  return result
}
pg.Client.prototype.query = watched as typeof pg.Client.prototype.query

await open(readConfig(), { roles: 'serve', only: null }, { connectors: connectorsWithFar() })
process.stdout.write('ready\n')
