// YouTube: the contract in the lab, every request judged by the published discovery document.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { youtube } from '../../connectors/youtube/index.ts'
import { connectorContract } from '../contract/connector-contract.ts'
import { notedPeer } from '../support/lab-peer.ts'
import { withoutDescription, youtubeJudge } from '../support/youtube-discovery.ts'

const { peer, seen } = notedPeer({
  platform: 'youtube',
  lab: { youtube: { quota: false } },
  settings: { clientId: 'rundruf.apps.googleusercontent.com', clientSecret: 'rehearsal-client' },
  secret: 'refreshToken',
})

connectorContract({ name: 'YouTube in the lab', connector: youtube, ...peer })

test('every request of the contract is one that the published description knows', (t) => {
  if (withoutDescription !== undefined) return t.skip(withoutDescription)
  const judge = youtubeJudge()
  assert.ok(seen().length > 100, 'the contract was not run before')
  assert.deepEqual([...new Set(seen().flatMap(judge))], [])
  for (const [method, path] of [
    ['POST', '/upload/youtube/v3/videos?uploadType=resumable'],
    ['PUT', '/upload/youtube/v3/videos?uploadType=resumable'],
    ['POST', '/upload/youtube/v3/captions'],
    ['PUT', '/youtube/v3/videos'],
    ['DELETE', '/youtube/v3/videos'],
    ['POST', '/youtube/v3/commentThreads'],
    ['POST', '/youtube/v3/comments'],
  ] as const)
    assert.ok(
      seen().some((request) => request.method === method && request.path.startsWith(path)),
      `${method} ${path} was never sent`,
    )
})
