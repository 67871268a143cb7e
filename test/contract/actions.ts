// What a connector does when nothing goes wrong: publish, find, update, reply, retract, and what it says of itself.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { World } from './world.ts'

export const actions = (world: World): void => {
  const { connector } = world
  const image = world.images.map((one) => one.image)

  test('a post stands there as it was sent, and the receipt is the platform’s', async () => {
    const post = world.post({ language: 'en' })
    const before = Date.now() - 60_000
    const receipt = await world.publish(post)
    const stands = await world.onlyStands(post.text, receipt)
    if (!world.lacks('language')) assert.equal(stands.language, 'en')
    assert.equal(stands.replyTo, null)
    assert.ok(receipt.url === null || URL.canParse(receipt.url), `not an address: ${receipt.url}`)
    assert.ok(Date.parse(receipt.at) > before && Date.parse(receipt.at) < Date.now() + 60_000, receipt.at)
    assert.deepEqual(JSON.parse(JSON.stringify(receipt)), receipt)
  })

  if (connector.repeat !== 'nothing')
    test('the same delivery twice is one post', async () => {
      const post = world.post()
      const delivery = world.delivery()
      const first = await world.publish(post, delivery)
      const second = connector.repeat === 'find' ? await world.again(post, delivery) : await world.publish(post, delivery)
      assert.equal(second.id, first.id)
      assert.equal(second.url, first.url)
      await world.onlyStands(post.text, first)
    })

  test('two deliveries with different texts are two posts', async () => {
    const [one, other] = [world.post(), world.post()]
    const receipts = await Promise.all([world.publish(one), world.publish(other)])
    await world.onlyStands(one.text, receipts[0])
    await world.onlyStands(other.text, receipts[1])
  })

  if (connector.limits.images.max > 0)
    test('images stand there with their alternative text, in their order', async () => {
      const post = world.post({ images: image.slice(0, connector.limits.images.max) })
      const stands = await world.onlyStands(post.text, await world.publish(post))
      assert.deepEqual(
        stands.images,
        post.images.map(({ alt, size }) => ({ alt: world.lacks('alt') ? '' : alt, size })),
      )
    })

  if (connector.limits.images.max > 0)
    test('a decorative picture is sent without an alternative text', async () => {
      const [described, plain] = image
      const pictures = [{ ...plain!, alt: '' }, described!].slice(0, connector.limits.images.max)
      const post = world.post({ images: pictures })
      const stands = await world.onlyStands(post.text, await world.publish(post))
      assert.deepEqual(
        stands.images,
        pictures.map(({ alt, size }) => ({ alt: world.lacks('alt') ? '' : alt, size })),
      )
    })

  if (connector.limits.images.max > 1)
    test('the same picture with two alternative texts is two pictures', async () => {
      const [one, other] = image
      const pictures = [one!, other!, { ...one!, alt: 'Die Rutsche, aus der Nähe' }].slice(0, connector.limits.images.max)
      const post = world.post({ images: pictures })
      const receipt = await world.publish(post)
      const wanted = pictures.map(({ alt, size }) => ({ alt: world.lacks('alt') ? '' : alt, size }))
      assert.deepEqual((await world.onlyStands(post.text, receipt)).images, wanted)
      if (!connector.update) return
      const after = world.post({ images: pictures })
      await connector.update(world.client, receipt, after, world.delivery().attempt())
      assert.deepEqual((await world.onlyStands(after.text, receipt)).images, wanted)
    })

  if (connector.find)
    test('what was never sent is not found, and what was sent is found with its receipt', async () => {
      const post = world.post()
      const delivery = world.delivery()
      assert.equal(await connector.find?.(world.client, post, delivery.attempt()), undefined)
      const receipt = await world.publish(post, delivery)
      const found = await connector.find?.(world.client, post, delivery.attempt())
      assert.deepEqual([found?.id, found?.url], [receipt.id, receipt.url])
    })

  if (connector.update) {
    test('an update changes the one post and keeps its images', async () => {
      const shown = image.slice(0, connector.limits.images.max)
      const [before, after] = [world.post({ images: shown }), world.post({ images: shown })]
      const delivery = world.delivery()
      const receipt = await world.publish(before)
      const updated = await connector.update?.(world.client, receipt, after, delivery.attempt())
      assert.equal(updated?.id, receipt.id)
      assert.equal((await world.standing(before.text)).length, 0)
      const stands = await world.onlyStands(after.text, receipt)
      assert.deepEqual(
        stands.images.map(({ size }) => size),
        shown.map(({ size }) => size),
      )
      if (!world.lacks('alt'))
        assert.deepEqual(
          stands.images.map(({ alt }) => alt),
          shown.map(({ alt }) => alt),
        )
      await connector.update?.(world.client, receipt, after, delivery.attempt())
      await world.onlyStands(after.text, receipt)
    })

    if (connector.limits.images.max > 0 && !world.lacks('image-edits') && !world.lacks('alt'))
      test('an update to a decorative picture takes its alternative text away', async () => {
        const receipt = await world.publish(world.post({ images: image.slice(0, 1) }))
        const after = world.post({ images: [{ ...image[0]!, alt: '' }] })
        await connector.update?.(world.client, receipt, after, world.delivery().attempt())
        const stands = await world.onlyStands(after.text, receipt)
        assert.deepEqual(
          stands.images.map(({ alt }) => alt),
          [''],
        )
      })

    if (connector.limits.images.max > 0 && !world.lacks('image-edits'))
      test('an update takes an image away and puts another one there', async () => {
        const before = world.post({ images: image.slice(0, 1) })
        const receipt = await world.publish(before)
        const after = world.post({ images: image.slice(1) })
        await connector.update?.(world.client, receipt, after, world.delivery().attempt())
        const stands = await world.onlyStands(after.text, receipt)
        assert.deepEqual(
          stands.images.map(({ size }) => size),
          after.images.map(({ size }) => size),
        )
      })
  }

  if (connector.reply) {
    test('a reply stands below its post, and a reply to a reply below that', async () => {
      const posts = [world.post(), world.post(), world.post()]
      const first = await world.publish(posts[0]!)
      const second = await connector.reply!(world.client, first, posts[1]!, world.delivery().attempt())
      const third = await connector.reply!(world.client, second, posts[2]!, world.delivery().attempt())
      assert.equal((await world.onlyStands(posts[1]!.text, second)).replyTo, first.id)
      assert.equal((await world.onlyStands(posts[2]!.text, third)).replyTo, second.id)
    })

    if (connector.repeat !== 'nothing')
      test('the same reply twice is one reply', async () => {
        const parent = await world.publish(world.post())
        const post = world.post()
        const delivery = world.delivery()
        const first = await connector.reply!(world.client, parent, post, delivery.attempt())
        const found = connector.repeat === 'find' ? await connector.find?.(world.client, post, delivery.attempt()) : undefined
        if (!found) await connector.reply!(world.client, parent, post, delivery.attempt())
        await world.onlyStands(post.text, first)
      })

    if (connector.retract && !world.lacks('refused-replies'))
      test('a reply to what is gone is refused', async () => {
        const parent = await world.publish(world.post())
        await connector.retract?.(world.client, parent, world.delivery().attempt())
        if ((await world.peer.posts()).some(({ id }) => id === parent.id)) return assert.fail('the parent still stands')
        const address = { ...parent, detail: {} }
        await world.fails(connector.reply!(world.client, address, world.post(), world.delivery().attempt()), 'rejected')
      })
  }

  if (connector.retract)
    test('what is retracted is gone, and retracting it again is fine', async () => {
      const post = world.post()
      const receipt = await world.publish(post)
      await connector.retract?.(world.client, receipt, world.delivery().attempt())
      assert.deepEqual(await world.standing(post.text), [])
      await connector.retract?.(world.client, receipt, world.delivery().attempt())
    })

  if (connector.retract && !world.lacks('addresses'))
    test('a person’s word for where it is, its address, serves as a receipt', async () => {
      const post = world.post()
      const receipt = await world.publish(post)
      await connector.retract?.(
        world.client,
        { id: receipt.url ?? receipt.id, url: receipt.url, at: receipt.at },
        world.delivery().attempt(),
      )
      assert.deepEqual(await world.standing(post.text), [])
    })

  test('it says who we are there', async () => {
    const identity = await connector.check(world.client, new AbortController().signal)
    assert.notEqual(identity.account, '')
    assert.ok((identity.limits?.text?.max ?? connector.limits.text.max) > 0)
  })

  if (connector.reactions && world.options.hasInsights)
    test('it counts how readers reacted to a post: an answer below it, and nothing else', async () => {
      const post = world.post()
      const receipt = await world.publish(post)
      if (connector.reply) await connector.reply(world.client, receipt, world.post(), world.delivery().attempt())
      const { replies = 1, ...others } = await connector.reactions!(world.client, receipt, new AbortController().signal)
      if (connector.reply) assert.equal(replies, 1)
      assert.ok(Object.values(others).every((count) => Number.isInteger(count) && count >= 0))
    })

  if (connector.insights && world.options.hasInsights)
    test('it counts followers', async () => {
      const { followers } = await connector.insights!(world.client, new AbortController().signal)
      assert.ok(Number.isInteger(followers) && followers >= 0)
    })
}
