// Instagram: the contract in the lab, every request judged by Meta's own field lists, and what is Instagram's own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instagram } from '../../connectors/instagram/index.ts'
import { connectorContract } from '../contract/connector-contract.ts'
import { namesNoEmptyText } from '../support/empty-alternative-texts.ts'
import { aJpeg } from '../support/jpeg.ts'
import { notedPeer } from '../support/lab-peer.ts'
import { graphJudge, withoutLists } from '../support/meta-graph.ts'

const { peer, seen } = notedPeer({
  platform: 'instagram',
  lab: { instagram: { quota: 100_000 } },
  settings: { account: '17841400012345678' },
  secret: 'token',
})
const images = [await aJpeg('Das Freibad von oben'), await aJpeg('Der Eingang am Rhein', { colour: 0xaa3311 })] as const

const errorShape = (message: string) => ({ error: { message, type: 'OAuthException', code: 100 } })

connectorContract({ name: 'Instagram in the lab', connector: instagram, images, ...peer, lacks: new Set(['language']), errorShape })

test('every request of the contract is one that Meta’s field lists know', async (t) => {
  if (withoutLists !== undefined) return t.skip(withoutLists)
  const judge = graphJudge('instagram')
  assert.ok(seen().length > 100, 'the contract was not run before')
  assert.deepEqual([...new Set((await Promise.all(seen().map(judge))).flat())], [])
})

test('for a decorative picture the field of the alternative text is left out', () => {
  assert.ok(seen().length > 0, 'the contract was not run before')
  namesNoEmptyText(seen())
})
