// X: the contract in the lab, every request judged by the published description, and what is X's own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { x } from '../../connectors/x/index.ts'
import { connectorContract } from '../contract/connector-contract.ts'
import { namesNoEmptyText } from '../support/empty-alternative-texts.ts'
import { notedPeer } from '../support/lab-peer.ts'
import { withoutDescription, xJudge } from '../support/x-openapi.ts'

const { peer, seen } = notedPeer({
  platform: 'x',
  lab: { x: { rateLimits: false } },
  settings: { handle: '@bonn_contract' },
  secret: 'token',
})

connectorContract({
  name: 'X in the lab',
  connector: x,
  ...peer,
  lacks: new Set(['language']),
  credentials: [['token'], ['token', 'refreshToken', 'clientId', 'clientSecret'], ['token', 'tokenSecret', 'apiKey', 'apiSecret']],
})

test('every request of the contract is one that the published description knows', async (t) => {
  if (withoutDescription !== undefined) return t.skip(withoutDescription)
  const judge = await xJudge()
  assert.ok(seen().length > 100, 'the contract was not run before')
  assert.deepEqual([...new Set(seen().flatMap(judge))], [])
  for (const [method, path] of [
    ['POST', /^\/2\/tweets$/],
    ['DELETE', /^\/2\/tweets\/\d+$/],
    ['GET', /^\/2\/users\/me\?/],
    ['GET', /^\/2\/users\/\d+\/tweets\?/],
    ['POST', /^\/2\/media\/upload\/initialize$/],
    ['POST', /^\/2\/media\/upload\/\d+\/append$/],
    ['POST', /^\/2\/media\/upload\/\d+\/finalize$/],
    ['POST', /^\/2\/media\/metadata$/],
  ] as const)
    assert.ok(
      seen().some((request) => request.method === method && path.test(request.path)),
      `${method} ${path} was never sent`,
    )
})

test('for a decorative picture the field of the alternative text is left out', () => {
  assert.ok(seen().length > 0, 'the contract was not run before')
  namesNoEmptyText(seen())
})
