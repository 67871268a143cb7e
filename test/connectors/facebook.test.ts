// Facebook: the contract in the lab, every request judged by Meta's own field lists, and what is Facebook's own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { facebook } from '../../connectors/facebook/index.ts'
import { connectorContract } from '../contract/connector-contract.ts'
import { namesNoEmptyText } from '../support/empty-alternative-texts.ts'
import { notedPeer } from '../support/lab-peer.ts'
import { graphJudge, withoutLists } from '../support/meta-graph.ts'

const { peer, seen } = notedPeer({
  platform: 'facebook',
  lab: { facebook: { rateLimit: false } },
  settings: { page: '100064598765432' },
  secret: 'token',
})

const errorShape = (message: string) => ({ error: { message, type: 'OAuthException', code: 100 } })

connectorContract({ name: 'Facebook in the lab', connector: facebook, ...peer, lacks: new Set(['language']), errorShape })

test('every request of the contract is one that Meta’s field lists know', async (t) => {
  if (withoutLists !== undefined) return t.skip(withoutLists)
  const judge = graphJudge('facebook')
  assert.ok(seen().length > 100, 'the contract was not run before')
  assert.deepEqual([...new Set((await Promise.all(seen().map(judge))).flat())], [])
})

test('for a decorative picture the field of the alternative text is left out', () => {
  assert.ok(seen().length > 0, 'the contract was not run before')
  namesNoEmptyText(seen())
})
