// The newsletter through the whole house: subscribed by the form, confirmed by the letter's link, mailed, corrected, and left with one click.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { connectors } from '../../connectors/index.ts'
import type { LedgerEntry } from '../../lab/lab.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { poll } from '../support/poll.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'
import { aSubscriber } from '../support/subscribers.ts'

const chosen = new Map([...connectors].filter(([platform]) => platform === 'newsroom' || platform === 'email'))

const channels = [
  { name: 'newsroom', platform: 'newsroom' },
  {
    ...{ name: 'post', platform: 'email', title: 'Newsletter der Stadt Bonn' },
    settings: { base: 'smtps://mail.bonn.example', from: 'Stadt Bonn <newsletter@bonn.example>', password: 'env:X', perMinute: 6000 },
  },
]
const cities = aCityFolder({ bonn: { channels }, mainz: { channels }, trier: { channels: channels.slice(0, 1) } })

const formType = { 'content-type': 'application/x-www-form-urlencoded' }

describe('the newsletter', () => {
  let rundruf: TestRundruf
  const made = new AsyncDisposableStack()
  before(async () => {
    rundruf = made.use(await aRundruf({ cities, exchange: { connectors: chosen } }))
  })
  after(() => made.disposeAsync())

  const letters = async (to: string, city = 'bonn'): Promise<readonly (LedgerEntry & { readonly title?: string })[]> =>
    ((await rundruf.ledger('email')) as unknown as LedgerEntry[]).filter(
      ({ notice, account }) => notice === `An: ${to}` && account.startsWith(city),
    )

  const get = (path: string): Promise<Response> => fetch(rundruf.running.url + path, { redirect: 'manual' })
  const post = (path: string, body = '', headers: Record<string, string> = formType): Promise<Response> =>
    fetch(rundruf.running.url + path, { method: 'POST', body, headers, redirect: 'manual' })
  const ask = (address: string, more = '', city = 'bonn'): Promise<Response> =>
    post(`/${city}/newsletter`, `address=${encodeURIComponent(address)}${more}`)
  const linkIn = (text: string, what: string): string => new URL(new RegExp(`https?://\\S+/${what}/\\S+`).exec(text)?.[0] ?? '').pathname

  test('who subscribes gets a letter, confirms by a button, gets the next announcement, and leaves with one click', async () => {
    const to = 'anna@buerger.example'
    const asked = await ask(' Anna@Buerger.example ')
    assert.deepEqual([asked.status, asked.headers.get('location')], [303, '/bonn/newsletter/asked'])
    assert.equal((await get('/bonn/newsletter/asked')).status, 200)
    const [letter] = await letters(to)
    assert.equal(letter?.title, 'Bitte bestätigen: Newsletter der Stadt Bonn')
    const confirm = linkIn(letter?.text ?? '', 'confirm')

    // what looks into mails follows links: nothing must happen by that
    const shown = await get(confirm)
    assert.equal(shown.status, 200)
    assert.match(await shown.text(), /<form class="form" method="post">/)
    await rundruf.settled(await rundruf.announce({ title: 'Vorher', text: 'Noch nicht für Anna.' }))
    assert.equal((await letters(to)).length, 1)

    const confirmed = await post(confirm)
    assert.equal(confirmed.status, 200)
    assert.match(await confirmed.text(), /Ihre Bestellung ist bestätigt/)
    const id = await rundruf.announce({ title: 'Markt', text: 'Der Markt öffnet um 8 Uhr.', link: 'https://www.bonn.example/markt' })
    const { deliveries } = await rundruf.settled(id)
    const delivery = deliveries.find(({ channel }) => channel === 'post')
    assert.deepEqual([delivery?.receipt?.id, delivery?.receipt?.note], [delivery?.id, 'E-Mails: 1 gesendet.'])
    const [, market] = await letters(to)
    assert.equal(market?.title, 'Markt')
    assert.match(market?.text ?? '', /^Markt\n\nDer Markt öffnet um 8 Uhr\.\n\nhttps:\/\/www\.bonn\.example\/markt\n\n-- \n/)

    const amended = await rundruf.api('POST', `/announcements/${id}/amend`, { title: 'Markt', text: 'Der Markt öffnet um 9 Uhr.' })
    assert.ok(amended.status < 300, JSON.stringify(amended.body))
    await rundruf.settled(id)
    const [, , correction] = await letters(to)
    assert.equal(correction?.title, 'Korrektur: Markt')
    assert.equal(correction?.replyTo, market?.id)

    const leave = linkIn(correction?.text ?? '', 'unsubscribe')
    assert.equal((await get(leave)).status, 200)
    const boundary = '----x'
    const body = `--${boundary}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--${boundary}--\r\n`
    assert.equal((await post(leave, body, { 'content-type': `multipart/form-data; boundary=${boundary}` })).status, 200)
    await rundruf.settled(await rundruf.announce({ title: 'Nachher', text: 'Nicht mehr für Anna.' }))
    assert.equal((await letters(to)).length, 3)
    assert.equal((await post(leave, 'List-Unsubscribe=One-Click')).status, 200, 'a second time is fine')
  })

  test('a newsletter that was taken back says so in the plan: an e-mail cannot be fetched back', async () => {
    await aSubscriber(rundruf.store.db, { city: 'mainz', channel: 'post', address: 'rita@buerger.example' })
    const id = await rundruf.announce({ city: 'mainz', title: 'Falsch', text: 'Ein Irrtum.' })
    await rundruf.settled(id)
    const { body } = await rundruf.api('POST', `/announcements/${id}/retract`, {})
    assert.match(JSON.stringify(body), /Eine E-Mail lässt sich nicht zurückholen/)
  })

  test('the form never says whether an address is known; its mailbox hears it', async () => {
    const to = 'bert@buerger.example'
    await ask(to)
    const [letter] = await letters(to)
    await post(linkIn(letter?.text ?? '', 'confirm'))
    // ten minutes later
    await rundruf.store.db
      .updateTable('subscriber')
      .set({ askedAt: new Date(Date.now() - 3_600_000) })
      .where('address', '=', to)
      .execute()
    const [known, unknown] = [await ask(to), await ask('neu@buerger.example')]
    assert.deepEqual([known.status, known.headers.get('location')], [unknown.status, unknown.headers.get('location')])
    const [, again] = await letters(to)
    assert.equal(again?.title, 'Sie sind schon angemeldet: Newsletter der Stadt Bonn')
  })

  test('nobody is pestered through the form: one letter in ten minutes, and what fills in the trap writes none', async () => {
    const to = 'carla@buerger.example'
    for (let count = 0; count < 3; count++) assert.equal((await ask(to)).status, 303)
    assert.equal((await letters(to)).length, 1)
    assert.equal((await ask('bot@buerger.example', '&website=https://spam.example')).status, 303)
    assert.deepEqual(await letters('bot@buerger.example'), [])
  })

  test('what is no address is refused with the form and what was typed, harmless', async () => {
    for (const wrong of [
      '',
      'anna',
      'anna@',
      '@b.example',
      'a@b',
      'a b@c.example',
      'a@b.example\r\nBcc: c@d.example',
      `${'a'.repeat(250)}@b.example`,
      '"><script>@b.example',
    ]) {
      const answer = await ask(wrong)
      assert.equal(answer.status, 422, wrong)
      const page = await answer.text()
      assert.match(page, /Bitte geben Sie eine vollständige E-Mail-Adresse an/)
      assert.doesNotMatch(page, /<script>/)
    }
    assert.equal((await ask('post@köln.example')).status, 303)
    assert.equal((await letters('post@xn--kln-sna.example')).length, 1)
  })

  test('while the mail server is away the page says so, and the next try works', async () => {
    const to = 'dora@buerger.example'
    await rundruf.fault('email', { fault: 'unavailable', operation: 'any', times: 'always' })
    const answer = await ask(to)
    assert.equal(answer.status, 503)
    assert.match(await answer.text(), /konnte gerade nicht gesendet werden/)
    await fetch(`${rundruf.running.labUrl}/faults/email`, { method: 'DELETE' })
    assert.equal((await ask(to)).status, 303)
    assert.equal((await letters(to)).length, 1)
  })

  test('a token that is unknown, too old or of another city confirms nothing; one of ours cannot be guessed from another', async () => {
    const to = 'emil@buerger.example'
    await ask(to)
    const [letter] = await letters(to)
    const confirm = linkIn(letter?.text ?? '', 'confirm')
    for (const path of [
      confirm.replace('/bonn/', '/mainz/'),
      confirm.replace(/.{4}$/, 'AAAA'),
      '/bonn/newsletter/confirm/x',
      '/bonn/newsletter/unsubscribe/x',
    ])
      for (const answer of [await get(path), await post(path)]) {
        assert.equal(answer.status, 404, path)
        assert.match(await answer.text(), /Dieser Link gilt nicht mehr/)
      }
    const { tokenHash } = await rundruf.store.db.selectFrom('subscriber').selectAll().where('address', '=', to).executeTakeFirstOrThrow()
    assert.ok(!confirm.includes(tokenHash ?? '-'), 'the store must not hold what confirms')
    await rundruf.store.db
      .updateTable('subscriber')
      .set({ tokenUntil: new Date(Date.now() - 1000) })
      .where('address', '=', to)
      .execute()
    assert.equal((await post(confirm)).status, 404)
    const forged = `/bonn/newsletter/unsubscribe/${Buffer.alloc(32, 1).toString('base64url')}`
    assert.equal((await post(forged)).status, 404)
  })

  test('pages with a token are kept by nobody and tell it to nobody; none sets a cookie', async () => {
    await ask('frieda@buerger.example')
    const [letter] = await letters('frieda@buerger.example')
    const secret = await get(linkIn(letter?.text ?? '', 'confirm'))
    assert.deepEqual([secret.headers.get('cache-control'), secret.headers.get('referrer-policy')], ['no-store', 'no-referrer'])
    const form = await get('/bonn/newsletter')
    assert.match(form.headers.get('cache-control') ?? '', /^public, max-age=10/)
    for (const answer of [secret, form]) {
      assert.equal(answer.headers.get('set-cookie'), null)
      assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'.*form-action 'self'/)
    }
  })

  test('a city without a newsletter has no such pages, and its own page names none', async () => {
    assert.equal((await get('/trier/newsletter')).status, 404)
    assert.equal((await get('/nirgendwo/newsletter')).status, 404)
    assert.equal((await post('/trier/newsletter', 'address=a@b.example')).status, 404)
    assert.doesNotMatch(await (await get('/trier')).text(), /newsletter/)
    assert.match(await (await get('/bonn')).text(), /href="\/bonn\/newsletter"/)
  })

  test('a form that is sent too often is closed for a while', async () => {
    const answers: number[] = []
    for (let count = 0; count < 70; count++) answers.push((await ask('a@b')).status)
    assert.ok(answers.includes(429))
    await poll('the ledger', async () => (await rundruf.ledger('email')).length > 0)
  })
})
