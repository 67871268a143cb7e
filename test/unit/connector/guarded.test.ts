// The last gate of every connector, also of one that knows nothing of secrets: with a fabricated one that does everything wrong.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { z } from 'zod'
import type { AnyConnector, Attempt, SafeContent } from '../../../src/connector/connector.ts'
import { failureOf, NotYetError, RejectedError } from '../../../src/connector/errors.ts'
import { guarded } from '../../../src/connector/guarded.ts'
import { secret } from '../../../src/connector/secret.ts'
import { anAttempt, aPost, someTools } from '../../support/builders.ts'
import { aToken, pieceIn, piecesOf } from '../../support/pieces.ts'

const [token, nested, renewed] = [aToken(200, 1), aToken(180, 2), aToken(300, 3)]
const pieces = piecesOf([token, nested, renewed])

const settings = z.object({ token: secret(), apps: z.array(z.object({ key: secret() })) })

/** A connector on a library that tells everything it knows. */
const talkative = (fails: (said: string) => unknown): AnyConnector =>
  ({
    platform: 'far',
    title: 'Fern',
    settings,
    connect: async (
      given: z.infer<typeof settings>,
      tools: { safe: { change(make: () => Promise<SafeContent>): Promise<SafeContent> } },
    ) => {
      await tools.safe.change(async () => ({ accessToken: renewed }))
      return { words: [given.token.reveal(), given.apps[0]?.key.reveal(), renewed].join(' and ') }
    },
    publish: async ({ words }: { words: string }, _: unknown, { log }: Attempt) => {
      log.info({ answer: { body: words } }, 'the platform says something')
      throw fails(words)
    },
    check: async ({ words }: { words: string }) => ({ account: words.slice(0, 4), url: null, until: null }),
  }) as unknown as AnyConnector

const connected = async (fails: (said: string) => unknown) => {
  const connector = guarded(talkative(fails))
  const safe = { read: async () => undefined, change: async (make: (now: undefined) => Promise<SafeContent>) => make(undefined) }
  const client = await connector.connect(settings.parse({ token, apps: [{ key: nested }] }), someTools({ safe }))
  const lines: unknown[] = []
  const keep = (facts: object, message: string) => void lines.push([facts, message])
  const attempt = anAttempt({ log: { debug: keep, info: keep, warn: keep } })
  const error: unknown = await connector.publish(client, aPost(), attempt).then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  )
  return { connector, client, error, lines }
}

for (const [what, fails, failure] of [
  [
    'an error of a library',
    (words: string) => Object.assign(new Error(words), { request: { headers: { authorization: words } } }),
    'unclear',
  ],
  ['an error of ours that quotes', (words: string) => new RejectedError(`you said ${words}`), 'rejected'],
  ['an error with a telling cause', (words: string) => new NotYetError('später', 5_000, { cause: new Error(words) }), 'not-yet'],
  ['a word', (words: string) => words, 'unclear'],
] as const)
  test(`F29: no piece of 16 characters or more of any secret of the channel is in ${what} or in a log line`, async () => {
    const { error, lines } = await connected(fails)
    assert.equal(failureOf(error), failure)
    if (error instanceof NotYetError) assert.equal(error.retryAfterMs, 5_000)
    for (const said of [error, ...lines]) assert.equal(pieceIn(`${inspect(said, { depth: 9 })} ${JSON.stringify(said)}`, pieces), undefined)
    assert.equal(lines.length, 1)
  })

test('what says nothing secret is let through as it is', async () => {
  const wrong = new RejectedError('Der Text ist zu lang.', { cause: new Error('why') })
  const { connector, client, error } = await connected(() => wrong)
  assert.equal(error, wrong)
  assert.deepEqual(await connector.check(client, AbortSignal.timeout(1_000)), { account: token.slice(0, 4), url: null, until: null })
  assert.equal(connector.find, undefined)
})
