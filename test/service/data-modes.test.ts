// What a whole Rundruf writes into its data directory: nothing of it is readable for others.
import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf } from '../support/rundruf.ts'

it('data/ is 0700, and rundruf.log, run.json and the keys in it are 0600', { skip: redisMissing() }, async () => {
  await using rundruf = await aRundruf()
  const { data } = rundruf.config
  const modeOf = (path: string): number => statSync(path).mode & 0o777
  await poll('the log to be written', () => statSync(join(data, 'rundruf.log'), { throwIfNoEntry: false }) !== undefined)
  assert.equal(modeOf(data), 0o700)
  const files = readdirSync(data, { withFileTypes: true }).filter((entry) => entry.isFile())
  const open = files.filter(({ name }) => modeOf(join(data, name)) & 0o077).map(({ name }) => name)
  assert.deepEqual(open, [])
  assert.ok(['api-key', 'secret.key', 'rundruf.log', 'run.json'].every((name) => files.some((file) => file.name === name)))
})
