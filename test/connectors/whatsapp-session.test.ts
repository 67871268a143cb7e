// WhatsApp's account as the real library in a real Chromium has it: linked by a phone, logged out, hung, shared, bounded, sealed.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { whatsapp } from '../../connectors/whatsapp/index.ts'
import { type LabSettings, startLab } from '../../lab/lab.ts'
import { vaultIn } from '../../src/access/vault.ts'
import type { LinkOffer, Tools } from '../../src/connector/connector.ts'
import { ChannelError } from '../../src/connector/errors.ts'
import { anAttempt, aPost, someTools } from '../support/builders.ts'
import { chromiumMissing } from '../support/chromium.ts'
import { poll } from '../support/poll.ts'

const channel = '120363000000000001@newsletter'
const attempt = () => anAttempt({ firstAt: new Date().toISOString(), signal: AbortSignal.timeout(60_000) })
const soon = () => AbortSignal.timeout(30_000)

/** A lab, a folder of vaults, and clients of the cities that are asked for. */
const aStage = async (t: TestContext, settings: LabSettings['whatsapp'] = {}) => {
  const lab = await startLab({ port: 0, settings: { whatsapp: settings } })
  const folder = await mkdtemp(join(tmpdir(), 'rundruf-vaults-'))
  const base = `${lab.url}/whatsapp`
  const warnings: string[] = []
  const log: Tools['log'] = { debug: () => {}, info: () => {}, warn: (_, message) => void warnings.push(message) }
  const open = async (city = 'bonn', over: Partial<Tools> = {}) => {
    const vault = vaultIn({ folder: join(folder, city), key: Buffer.alloc(32, 7), purpose: city })
    const one = city === 'bonn' ? channel : `1${Buffer.from(city).readUInt32BE()}@newsletter`
    return whatsapp.connect(whatsapp.settings.parse({ channel: one, base }), someTools({ city, vault, log, ...over }))
  }
  type Client = Awaited<ReturnType<typeof open>>
  const clients: Client[] = []
  t.after(async () => {
    for (const client of clients) await whatsapp.disconnect?.(client)
    await lab.stop()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    ...{ lab, folder, warnings },
    connect: async (city?: string, over?: Partial<Tools>) => {
      const client = await open(city, over)
      clients.push(client)
      return client
    },
    /** What a person does on the phone of Bonn. */
    phone: async (act: object) => {
      const answer = await fetch(`${base}/phone`, { method: 'POST', body: JSON.stringify({ account: 'bonn', ...act }) })
      assert.equal(answer.status, 200)
      return (await answer.json()) as { freezing: boolean }
    },
    publish: (client: Client, text: string) => whatsapp.publish(client, aPost({ text }), attempt()),
    /** Links, and does on the phone with what is shown there as the test says. */
    link: async (client: Client, act: (shown: LinkOffer) => Promise<unknown>, phone?: string) => {
      const done: Promise<unknown>[] = []
      await whatsapp.link?.(client, { offer: (shown) => void done.push(act(shown)), ...(phone && { phone }) }, soon())
      await Promise.all(done)
    },
    inClear: () => readdirSync(folder).filter((city) => readdirSync(join(folder, city)).includes('open')),
  }
}

describe('an account of WhatsApp in Chromium', { skip: chromiumMissing() }, () => {
  test('who is not linked posts nothing and is told how to; linked by its QR code it posts, and is still linked after a restart', async (t) => {
    const stage = await aStage(t, { phone: 'waits' })
    const client = await stage.connect()
    await assert.rejects(
      stage.publish(client, 'zu früh'),
      (error) => error instanceof ChannelError && /channels link bonn/.test(error.message),
    )
    await stage.link(client, (shown) => stage.phone({ scan: 'qr' in shown ? shown.qr : '' }))
    await stage.publish(client, 'verknüpft')
    await whatsapp.disconnect?.(client)
    assert.deepEqual(readdirSync(join(stage.folder, 'bonn')), ['sealed'])
    assert.ok(!readFileSync(join(stage.folder, 'bonn', 'sealed')).includes('bonn.'), 'the token of the device lies there in clear')
    await stage.publish(await stage.connect(), 'nach dem Neustart')
    assert.deepEqual(
      stage.lab.ledger().map(({ text, account }) => [account, text]),
      [
        ['bonn', 'verknüpft'],
        ['bonn', 'nach dem Neustart'],
      ],
    )
  })

  test('linked by a code that a person types', async (t) => {
    const stage = await aStage(t, { phone: 'waits' })
    const client = await stage.connect()
    await stage.link(client, (shown) => stage.phone({ code: 'code' in shown ? shown.code : '' }), '4915112345678')
    await stage.publish(client, 'mit Code verknüpft')
    assert.equal(stage.lab.ledger().length, 1)
  })

  test('nobody at the phone: the link is given up in time, and no browser stays', async (t) => {
    const stage = await aStage(t, { phone: 'waits' })
    const client = await stage.connect()
    const time = new AbortController()
    const linking = whatsapp.link?.(client, { offer: () => void setImmediate(() => time.abort()) }, time.signal)
    await assert.rejects(linking as Promise<void>, ChannelError)
    assert.deepEqual(stage.inClear(), [])
  })

  test('logged out from outside, the channel is at fault; linked again it goes on', async (t) => {
    const stage = await aStage(t)
    const client = await stage.connect()
    await stage.publish(client, 'vorher')
    await stage.phone({ unlink: true })
    await poll('the log-out to be noticed', () =>
      stage.publish(client, 'währenddessen').then(
        () => false,
        (error: unknown) => error instanceof ChannelError,
      ),
    )
    await stage.link(client, async () => {})
    await stage.publish(client, 'nachher')
    assert.deepEqual(
      stage.lab.ledger().map(({ text }) => text),
      ['vorher', 'nachher'],
    )
  })

  test('a page that hangs is started anew, and the post goes out once', async (t) => {
    const stage = await aStage(t)
    const client = await stage.connect()
    await stage.publish(client, 'vorher')
    await stage.phone({ freeze: true })
    await poll('the page to hang', async () => !(await stage.phone({})).freezing)
    await poll('the post', () => stage.publish(client, 'trotzdem'))
    assert.deepEqual(stage.warnings, ['whatsapp page hangs: started anew'])
    assert.deepEqual(
      stage.lab.ledger().map(({ text }) => text),
      ['vorher', 'trotzdem'],
    )
  })

  test('two clients of one account share its browser, and the last one closes it', async (t) => {
    const stage = await aStage(t)
    const [one, other] = [await stage.connect(), await stage.connect()]
    await Promise.all([stage.publish(one, 'eins'), stage.publish(other, 'zwei')])
    await whatsapp.disconnect?.(one)
    assert.deepEqual(stage.inClear(), ['bonn'])
    await whatsapp.disconnect?.(other)
    assert.deepEqual(stage.inClear(), [])
  })

  test('no more than three browsers are open at once: who was idle longest makes room', async (t) => {
    const stage = await aStage(t)
    for (const city of ['augsburg', 'dresden', 'hanau', 'marburg']) await stage.publish(await stage.connect(city), `Hallo ${city}`)
    assert.equal(stage.lab.ledger().length, 4)
    assert.deepEqual(stage.inClear().sort(), ['dresden', 'hanau', 'marburg'])
  })
})

test('without a Chromium the channel says so when it is used, and not before', async (t) => {
  const stage = await aStage(t)
  const client = await stage.connect('bonn', { chromium: () => undefined })
  await assert.rejects(stage.publish(client, 'ohne'), (error) => error instanceof ChannelError && /Chromium/.test(error.message))
})
