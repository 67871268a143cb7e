// What a connector lets out of its credentials when a platform repeats them: nothing that is longer than fifteen characters.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { fieldsOf } from '../../config/credentials.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { aToken, pieceIn, piecesOf } from '../support/pieces.ts'
import type { World } from './world.ts'

/** Of tokens, in characters: Meta's are 170 to 320 long. */
const lengths = [170, 211, 320]

/** So many characters before a credential put its borders on every side of a cut. */
const before = Array.from({ length: 22 }, (_, step) => step * 17)

export const secrecy = (world: World): void => {
  const { connector, options } = world
  if (world.lacks('credential')) return
  const shape = options.errorShape ?? ((words: string) => ({ error: words, message: words }))

  for (const way of ['is told', 'was renewed'] as const)
    test(`F29: no piece of 16 characters or more of a credential that ${way} is in an error or a log line, wherever it is cut`, async () => {
      const { base } = world.peer.settings
      if (typeof base !== 'string') return assert.equal(options.faults.size, 0)
      const proxy = await startFaultProxy({ target: base })
      const secrets: string[] = []
      const renewed: string[] = []
      try {
        for (const [number, length] of lengths.entries())
          for (const credentials of options.credentials ?? [ownSecrets(world)]) {
            const told = credentials.map((name, at) => [name, aToken(length, number * 10 + at)] as const)
            const granted = [aToken(length, 100 + number), aToken(length, 200 + number)] as const
            secrets.push(...told.map(([, token]) => token), ...granted)
            renewed.push(...granted)
            const client = await world.connect({ ...world.peer.settings, base: proxy.url, ...Object.fromEntries(told) })
            for (const distance of before) {
              proxy.repeatBack(shape, { before: distance, ...(way === 'was renewed' && { granted }) })
              world.errors.push(
                await connector.check(client, new AbortController().signal).then(neverSaid, errorOf),
                await connector.publish(client, world.post(), world.delivery().attempt()).then(neverSaid, errorOf),
              )
            }
          }
      } finally {
        await proxy.close()
      }
      const sent = proxy.requests.map(({ path, headers, body }) => `${path} ${headers.authorization} ${body}`).join('\n')
      const pieces = piecesOf(secrets)
      assert.ok(pieceIn(sent, pieces), 'no credential was ever told to the platform')
      if (proxy.granted()) assert.ok(pieceIn(sent, piecesOf(renewed)), 'no renewed credential was ever told to the platform')
      for (const said of [...world.errors, ...world.lines]) {
        const words = `${inspect(said, { depth: 12 })} ${JSON.stringify(said)}`
        const piece = pieceIn(words, pieces)
        assert.equal(piece, undefined, `${piece} is in: ${words}`)
      }
    })
}

const ownSecrets = ({ connector, peer }: World): readonly string[] =>
  [...fieldsOf(connector)].filter(([name, { secret, required }]) => secret && (required || name in peer.settings)).map(([name]) => name)

const neverSaid = () => assert.fail('it succeeded')
const errorOf = (error: unknown): unknown => error
