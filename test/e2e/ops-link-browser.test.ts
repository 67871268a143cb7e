// Linking an account on the operators' page in a real browser: the steps, the QR code, the code to type, and how it ended.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'
import { openLinking } from '../../src/commands/link-channel.ts'
import type { AnyConnector, LinkWish } from '../../src/connector/connector.ts'
import { anApi } from '../support/api.ts'
import { aChannel, aCity } from '../support/builders.ts'
import { chromiumMissing, chromiumPath } from '../support/chromium.ts'

test('an operator links an account with the phone in hand', { skip: chromiumMissing() }, async () => {
  await using opened = new AsyncDisposableStack()
  const phone = Promise.withResolvers<void>()
  let wish: LinkWish | undefined
  const linking = openLinking((_, given) => {
    wish = given
    return phone.promise
  })
  await using api = await anApi({ linking })
  const channel = aChannel({ name: 'whatsapp-bonn', platform: 'whatsapp', title: 'Bundesstadt Bonn' })
  ;(api.desk.cities as Map<string, object>).set('bonn', aCity({ channels: [channel] }))
  const connector = { platform: 'whatsapp', title: 'WhatsApp', link: async () => {} } as unknown as AnyConnector
  ;(api.desk.connectors as Map<string, object>).set('whatsapp', connector)
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  opened.defer(() => browser.close())
  const context = await browser.newContext({ locale: 'de-DE', viewport: { width: 360, height: 800 } })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => void (/Content Security Policy|Refused to/.test(message.text()) && faults.push(message.text())))
  // the page renews itself by a header; here it shall stand still while it is looked at
  await context.route('**/ops/link/**', async (route) => {
    const response = await route.fetch()
    const { refresh: _, ...headers } = response.headers()
    await route.fulfill({ response, headers })
  })
  const barrierFree = async () => assert.deepEqual((await new AxeBuilder({ page }).analyze()).violations, [])

  await page.goto(`${url}/ops/login`)
  await page.getByLabel('Schlüssel').fill(api.keys['operator of all'])
  await page.getByRole('button', { name: 'Anmelden' }).click()
  await page.goto(`${url}/ops/link`)
  await page.getByRole('link', { name: 'Bundesstadt Bonn' }).click()
  await barrierFree()
  await page.getByRole('button', { name: 'Verknüpfen' }).click()
  await page.getByRole('status').getByText('der Code erscheint gleich').waitFor()
  wish?.offer({ qr: '2@ref,key,identity,secret,1' })
  await page.reload()
  await page.getByRole('img', { name: 'QR-Code zum Verknüpfen' }).waitFor()
  assert.equal(await page.locator('script').count(), 0, 'it works without script')
  await barrierFree()
  wish?.offer({ code: 'ABCD1234' })
  await page.reload()
  await page.getByText('ABCD-1234').waitFor()
  await barrierFree()
  phone.resolve()
  await page.reload()
  await page.getByRole('status').getByText('Das Konto ist verknüpft.').waitFor()
  await barrierFree()
  assert.deepEqual(faults, [])
})
