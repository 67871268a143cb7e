// The copies are renewed page by page: one that cannot be read is no reason for the others to grow old.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import Fastify from 'fastify'
import type { KyselyPlugin, RawNode } from 'kysely'
import { newsroomDesk } from '../../src/newsroom/desk.ts'
import { newsroomPages } from '../../src/newsroom/routes.ts'
import { aCity, aPost } from '../support/builders.ts'
import { aDatabase } from '../support/database.ts'
import { poll } from '../support/poll.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const publicUrl = 'https://rundruf.example'
const store = await aDatabase()
after(() => store.db.destroy())
const cities = new Map(['bonn', 'mainz'].map((key) => [key, aCity({ key })] as const))
await newsroomDesk(store.db, publicUrl).put('mainz', randomUUID(), aPost({ title: 'Der Markt ist verlegt' }), '')

/** A store that gives no answer to the questions that contain these words. */
const without = (words: string) => {
  const silenced = new WeakSet<object>()
  const plugin: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      if (JSON.stringify([(node as RawNode).sqlFragments ?? [], (node as RawNode).parameters ?? []]).includes(words)) silenced.add(queryId)
      return node
    },
    transformResult: ({ result, queryId }) => (silenced.has(queryId) ? new Promise(() => {}) : Promise.resolve(result)),
  }
  return store.db.withPlugin(plugin)
}

for (const [what, words] of [
  ['the signs of all cities', 'as sign from'],
  ['the newest page of another city', '"value":"bonn"'],
] as const)
  test(`a question for ${what} that gets no answer leaves the copies of the other pages fresh, and is logged once`, async () => {
    const dataDir = temporaryFolder()
    const warned: string[] = []
    const stream = { write: (line: string) => void (line.includes('"level":40') && warned.push(line)) }
    const app = Fastify({ logger: { level: 'warn', stream } })
    await app.register(newsroomPages({ db: without(words), cities, publicUrl, dataDir, refreshSeconds: 0.05 }))
    after(() => app.close())
    await app.ready()
    for (const page of ['mainz/index.html', 'index.html'])
      await poll(`a copy of ${page}`, () => Promise.resolve(existsSync(join(dataDir, 'newsroom', page))))
    await poll('a line in the log', () => Promise.resolve(warned.length > 0))
    await app.close()
    assert.equal(warned.filter((line) => line.includes('could not be renewed')).length, 1)
  })
