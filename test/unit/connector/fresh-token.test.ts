// Access tokens that run out: one renewal for all who notice, and the newest refresh token is never lost.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Safe } from '../../../src/connector/connector.ts'
import { ChannelError, UnreachableError } from '../../../src/connector/errors.ts'
import { freshToken } from '../../../src/connector/fresh-token.ts'
import { Secret } from '../../../src/connector/secret.ts'
import { aSafe } from '../../support/builders.ts'

const first = new Secret('refresh-0')
const signal = new AbortController().signal

/** A platform that gives a new refresh token with every access token, and takes each of them once. */
const rotating = (expiresIn = 3600) => {
  let good = first.reveal()
  let given = 0
  return {
    given: () => given,
    renew: async (token: Secret) => {
      if (token.reveal() !== good) throw new ChannelError('invalid_grant')
      given += 1
      good = `refresh-${given}`
      return { accessToken: new Secret(`access-${given}`), expiresIn, refreshToken: new Secret(good), notes: { scope: 'publish' } }
    },
  }
}

test('ten who ask at once get the same token, renewed once', async () => {
  const platform = rotating()
  const tokens = freshToken({ safe: aSafe(), refreshToken: first, renew: platform.renew })
  const held = await Promise.all(Array.from({ length: 10 }, () => tokens.get(signal)))
  assert.deepEqual([...new Set(held.map(({ token }) => token.reveal()))], ['access-1'])
  assert.deepEqual(held[0]?.notes, { scope: 'publish' })
  assert.equal(platform.given(), 1)
})

test('two processes with one safe renew once, and the second goes on with what the first was given', async () => {
  const platform = rotating()
  const safe = aSafe()
  const [one, other] = [1, 2].map(() => freshToken({ safe, refreshToken: first, renew: platform.renew }))
  const held = await Promise.all([one!.get(signal), other!.get(signal)])
  assert.deepEqual(
    held.map(({ token }) => token.reveal()),
    ['access-1', 'access-1'],
  )
  const refused = held[0]!.token
  const next = await Promise.all([one!.get(signal, refused), other!.get(signal, refused)])
  assert.deepEqual(
    next.map(({ token }) => token.reveal()),
    ['access-2', 'access-2'],
  )
  assert.equal(platform.given(), 2)
})

test('a token that is about to end is renewed before it is used', async () => {
  const platform = rotating(30)
  const tokens = freshToken({ safe: aSafe(), refreshToken: first, renew: platform.renew })
  await tokens.get(signal)
  await tokens.get(signal)
  assert.ok(platform.given() >= 2)
})

test('a new refresh token in the settings counts more than what is kept', async () => {
  const kept: Safe = aSafe()
  await freshToken({ safe: kept, refreshToken: first, renew: rotating().renew }).get(signal)
  const asked: string[] = []
  const renew = async (token: Secret) => {
    asked.push(token.reveal())
    return { accessToken: new Secret('access'), expiresIn: 3600 }
  }
  await freshToken({ safe: kept, refreshToken: new Secret('by hand'), renew }).get(signal)
  assert.deepEqual(asked, ['by hand'])
})

test('who has no time left stops waiting, and the renewal goes on for the others', async () => {
  const time = new AbortController()
  let finish: (() => void) | undefined
  const renew = async () => {
    await new Promise<void>((done) => {
      finish = done
    })
    return { accessToken: new Secret('access'), expiresIn: 3600 }
  }
  const tokens = freshToken({ safe: aSafe(), refreshToken: first, renew })
  const [impatient, patient] = [tokens.get(time.signal), tokens.get(signal)]
  const left = assert.rejects(impatient, UnreachableError)
  time.abort()
  await left
  finish?.()
  assert.equal((await patient).token.reveal(), 'access')
  await assert.rejects(tokens.get(AbortSignal.abort(), (await patient).token), UnreachableError)
})
