// The newsletter's pages in a real browser: without script, on a phone and a desk, in light and dark, and without a barrier that axe knows of.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import Fastify, { type FastifyInstance } from 'fastify'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Letter } from '../../src/connector/mailing.ts'
import { openLinks } from '../../src/newsroom/newsletter/links.ts'
import { newsletterPages } from '../../src/newsroom/newsletter/routes.ts'
import { newsroomPages } from '../../src/newsroom/routes.ts'
import type { City } from '../../src/policy/policy.ts'
import { aChannel, aCity } from '../support/builders.ts'
import { chromiumMissing, chromiumPath } from '../support/chromium.ts'
import { aDatabase, type TestDatabase } from '../support/database.ts'
import { aSubscriber } from '../support/subscribers.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const channels = [aChannel(), aChannel({ name: 'post', platform: 'email', title: 'Newsletter der Bundesstadt Bonn' })]
const cities: ReadonlyMap<string, City> = new Map([
  ['bonn', aCity({ channels })],
  ['mainz', aCity({ key: 'mainz', city: 'Mainz', colours: { primary: '#ffe600', onPrimary: '#ffffff' }, channels })],
])

describe('the newsletter in Chromium', { skip: chromiumMissing() }, () => {
  let store: TestDatabase
  let app: FastifyInstance
  let browser: Browser
  let origin: string
  const letters: Letter[] = []
  const links = openLinks('https://rundruf.example', new Uint8Array(32))

  before(async () => {
    store = await aDatabase()
    app = Fastify()
    const parts = { db: store.db, cities, publicUrl: 'https://rundruf.example' }
    await app.register(newsroomPages({ ...parts, dataDir: temporaryFolder(), refreshSeconds: 0 }))
    await app.register(newsletterPages({ ...parts, links, write: async (_sender, letter) => void letters.push(letter) }))
    origin = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  })
  after(async () => {
    await browser?.close()
    await app?.close()
    await store?.[Symbol.asyncDispose]()
  })

  const pathOf = (url: string): string => origin + new URL(url).pathname

  /** Through all pages as a citizen goes, and a look at each. */
  const walk = async (
    options: BrowserContextOptions,
    address: string,
    look: (page: Page, name: string) => Promise<void>,
  ): Promise<void> => {
    const context = await browser.newContext({ javaScriptEnabled: false, ...options })
    const page = await context.newPage()
    await page.goto(`${origin}/bonn`)
    await look(page, 'city')
    await page.getByRole('link', { name: 'Newsletter bestellen' }).click()
    await look(page, 'form')
    await page.getByLabel('E-Mail-Adresse').fill('anna')
    await page.getByRole('button', { name: 'Newsletter bestellen' }).click()
    await look(page, 'wrong')
    await page.getByLabel('E-Mail-Adresse').fill(address)
    await page.getByRole('button', { name: 'Newsletter bestellen' }).click()
    await look(page, 'asked')
    await page.goto(pathOf(letters.at(-1)?.link.url ?? ''))
    await look(page, 'confirm')
    await page.getByRole('button', { name: 'Ja, Newsletter bekommen' }).click()
    await look(page, 'confirmed')
    await page.goto(
      pathOf(links.unsubscribe('bonn', await aSubscriber(store.db, { city: 'bonn', channel: 'post', address: `x${address}` }))),
    )
    await look(page, 'leave')
    await page.getByRole('button', { name: 'Newsletter abbestellen' }).click()
    await look(page, 'left')
    await page.goto(`${origin}/mainz/newsletter/confirm/x`)
    await look(page, 'stale')
    assert.deepEqual(await context.cookies(), [])
    await context.close()
  }

  test('a citizen comes through without script', async () => {
    const headings: Record<string, string> = {}
    await walk({}, 'anna@buerger.example', async (page, name) => {
      headings[name] = (await page.getByRole('heading', { level: 2 }).first().textContent()) ?? ''
    })
    assert.deepEqual(headings, {
      city: 'Meldungen',
      form: 'Newsletter der Bundesstadt Bonn',
      wrong: 'Newsletter der Bundesstadt Bonn',
      asked: 'Bitte sehen Sie in Ihr Postfach',
      confirm: 'Newsletter bestätigen',
      confirmed: 'Ihre Bestellung ist bestätigt',
      leave: 'Newsletter abbestellen',
      left: 'Der Newsletter ist abbestellt',
      stale: 'Dieser Link gilt nicht mehr',
    })
  })

  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [375, 1280])
      test(`no barrier that axe knows of: ${colorScheme}, ${width} pixels wide`, async () => {
        const address = `${colorScheme}-${width}@buerger.example`
        // axe is a script itself
        await walk({ colorScheme, viewport: { width, height: 900 }, javaScriptEnabled: true }, address, async (page, name) => {
          const { violations } = await new AxeBuilder({ page }).analyze()
          const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
          assert.deepEqual(found, [], name)
          assert.equal(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), 0, name)
        })
      })
})
