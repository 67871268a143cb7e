// WhatsApp: the contract in the lab, through the real library in a real Chromium.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { whatsapp } from '../../connectors/whatsapp/index.ts'
import { type Lab, startLab } from '../../lab/lab.ts'
import { ChannelError, UnclearError } from '../../src/connector/errors.ts'
import { connectorContract } from '../contract/connector-contract.ts'
import { anAttempt, aPost, someTools } from '../support/builders.ts'
import { chromiumMissing } from '../support/chromium.ts'
import { labPeer } from '../support/lab-peer.ts'
import { anImage } from '../support/png.ts'

const settings = { channel: '120363000000000001@newsletter' }

describe('WhatsApp in Chromium', { skip: chromiumMissing() }, () => {
  connectorContract({
    name: 'WhatsApp in the lab',
    connector: whatsapp,
    ...labPeer({
      platform: 'whatsapp',
      settings,
      // a no of WhatsApp has no name and no span of time
      unclear: ['refuse', 'throttle'],
      // the account is not a credential but a browser: its log-out is tested in whatsapp-session.test.ts
      without: ['expired-token'],
      lacks: ['language', 'alt', 'image-edits', 'credential'],
      // the library does not say why something was not taken
      enforcesLimits: false,
    }),
  })

  describe('posts to channels', () => {
    const image = anImage('Das Freibad von oben')
    const invite = '0029VaFreibadBonn12345'
    let lab: Lab
    let client: Awaited<ReturnType<typeof open>>
    const open = async (channel: string) =>
      whatsapp.connect(
        whatsapp.settings.parse({ channel, base: `${lab.url}/whatsapp` }),
        someTools({ media: async () => image.bytes, log: { debug: () => {}, info: () => {}, warn: () => {} } }),
      )
    const now = () => anAttempt({ firstAt: new Date().toISOString(), signal: AbortSignal.timeout(60_000) })
    before(async () => {
      lab = await startLab({ port: 0 })
      client = await open(`https://whatsapp.com/channel/${invite}`)
    })
    after(async () => {
      await whatsapp.disconnect?.(client)
      await lab.stop()
    })

    test('a channel is known by its invitation, and its posts have their address', async () => {
      const { id, url } = await whatsapp.publish(client, aPost({ text: 'mit Einladung' }), now())
      assert.equal(url, `${lab.url}/whatsapp/channel/${invite}/${id}`)
      assert.equal((await fetch(url ?? '')).status, 200)
      assert.equal((await whatsapp.check(client, AbortSignal.timeout(20_000))).url, `${lab.url}/whatsapp/channel/${invite}`)
    })

    test('a no that the library passes off as a post is no success: looked for, not found, and sent again', async () => {
      const post = aPost({ text: 'stilles Scheitern' })
      const attempt = now()
      lab.setFault('whatsapp', { fault: 'refuse' })
      await assert.rejects(whatsapp.publish(client, post, attempt), UnclearError)
      assert.equal(await whatsapp.find?.(client, post, attempt), undefined)
      const receipt = await whatsapp.publish(client, post, attempt)
      assert.equal((await whatsapp.find?.(client, post, attempt))?.id, receipt.id)
      assert.equal(lab.ledger().filter(({ text }) => text === post.text).length, 1)
    })

    test('a text too long for a caption follows its picture, which goes once', async () => {
      const post = aPost({ text: 'x'.repeat(2000), images: [image.image] })
      const attempt = now()
      await whatsapp.publish(client, post, attempt)
      await whatsapp.publish(client, post, attempt)
      const [picture, ...texts] = lab.ledger().slice(-3)
      assert.deepEqual([picture?.text, picture?.images.length], ['', 1])
      assert.deepEqual(
        texts.map(({ text, images }) => [text.length, images.length]),
        [
          [2000, 0],
          [2000, 0],
        ],
      )
    })

    test('a video goes with the text below it', async () => {
      const video = { ...image.image, type: 'video/mp4', seconds: 12, captions: [] }
      await whatsapp.publish(client, aPost({ text: 'mit Video', video }), now())
      const entry = lab.ledger().at(-1)
      assert.deepEqual([entry?.text, entry?.video?.size, entry?.video?.type], ['mit Video', image.bytes.length, 'video/mp4'])
    })

    test('where the account only reads, and where there is no channel, the channel is at fault', async () => {
      const foreign = '120363000000000077@newsletter'
      await fetch(`${lab.url}/whatsapp/newsletters/${foreign}?device=mainz.${'0'.repeat(32)}`)
      for (const [name, words] of [
        [foreign, /nur lesen/],
        ['012345678@newsletter', /kennt das Konto nicht/],
      ] as const) {
        const other = await open(name)
        await assert.rejects(whatsapp.publish(other, aPost(), now()), (error) => error instanceof ChannelError && words.test(error.message))
        await whatsapp.disconnect?.(other)
      }
    })
  })
})

test('a channel is named by its number, its invite code or its address', () => {
  const parse = (channel: string) => whatsapp.settings.safeParse({ channel }).data?.channel
  assert.deepEqual(parse('120363000000000001@newsletter'), { by: 'id', id: '120363000000000001@newsletter' })
  assert.deepEqual(parse('0029VaFreibadBonn12345'), { by: 'invite', code: '0029VaFreibadBonn12345' })
  assert.deepEqual(parse('https://www.whatsapp.com/channel/0029VaFreibadBonn12345/'), { by: 'invite', code: '0029VaFreibadBonn12345' })
  assert.equal(parse('4915112345678@c.us'), undefined)
  assert.equal(whatsapp.settings.safeParse({}).success, false)
  assert.equal(whatsapp.settings.safeParse({ channel: '120363000000000001@newsletter', token: 'x' }).success, false)
})
