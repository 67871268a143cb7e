// What every test of the contract works with: a connected client, deliveries, and everything that was thrown or logged on the way.
import assert from 'node:assert/strict'
import { v7 } from 'uuid'
import type { AnyConnector, Attempt, Newsroom, Post, Receipt, Tools } from '../../src/connector/connector.ts'
import { type Failure, failureOf } from '../../src/connector/errors.ts'
import { aPost, someTools } from '../support/builders.ts'
import { aVideo } from '../support/mp4.ts'
import { type Served, serving } from '../support/newsroom-media.ts'
import { anImage } from '../support/png.ts'
import type { Lack, Peer, PeerKind, PeerPost } from './peer.ts'

export interface ContractOptions extends PeerKind {
  /** Names the connector and its peer: `bluesky on a real PDS`. */
  readonly name: string
  readonly connector: AnyConnector
  /** The desk of the city's own page; only the newsroom uses it. */
  readonly newsroom?: Newsroom
  /** Two images that the platform takes; absent: two small PNGs. */
  readonly images?: readonly [ContractImage, ContractImage]
}

export type ContractImage = ReturnType<typeof anImage>

/** One delivery: its attempts share key, plan and memory. */
export interface Delivery {
  attempt(signal?: AbortSignal): Attempt
}

const pngs = [anImage('Das Freibad von oben', 0x00549f), anImage('Der Eingang am Rhein', 0xaa3311)] as const

/** For platforms that take nothing but videos. */
const film = aVideo('Das Freibad von oben', { seconds: 12 })

export class World {
  readonly connector: AnyConnector
  readonly options: ContractOptions
  readonly images: readonly [ContractImage, ContractImage]
  peer!: Peer
  client: unknown
  /** The newsroom, as far as platforms fetch media from it. */
  #newsroom!: Served
  /** Everything that was thrown. */
  readonly errors: unknown[] = []
  /** Everything that was logged: facts and messages. */
  readonly lines: unknown[] = []

  constructor(options: ContractOptions) {
    this.options = options
    this.connector = options.connector
    this.images = options.images ?? pngs
  }

  async open(): Promise<void> {
    this.#newsroom = await serving(this.images)
    this.peer = await this.options.open()
    this.client = await this.connect(this.peer.settings)
  }

  async close(): Promise<void> {
    await this.connector.disconnect?.(this.client)
    await this.peer.close()
    await this.#newsroom.close()
  }

  connect(settings: Readonly<Record<string, unknown>>): Promise<unknown> {
    return (async () => this.connector.connect(this.connector.settings.parse(settings), this.#tools()))()
  }

  lacks(what: Lack): boolean {
    return this.options.lacks?.has(what) ?? false
  }

  /** @param store how far the store's clock is ahead, in milliseconds */
  delivery(store = 0): Delivery {
    const key = v7()
    const begun = Date.now()
    const now = new Date(begun + store).toISOString()
    const memory: Record<string, string> = {}
    let number = 0
    return {
      attempt: (signal = new AbortController().signal) => {
        number += 1
        const remember = async (more: Readonly<Record<string, string>>) => void Object.assign(memory, more)
        const age = () => Date.now() - begun
        return { key, plannedAt: now, firstAt: now, age, number, memory, remember, signal, log: this.#log() }
      },
    }
  }

  /** A post whose text no other post has; with an image where there are none without, with a film where there are no images. */
  post(over: Partial<Post> = {}): Post {
    const { needsMedia, images, video } = this.connector.limits
    const onlyFilm = images.max === 0 && video !== undefined ? { video: film.video } : { images: [this.images[0].image] }
    const media = needsMedia ? onlyFilm : {}
    return aPost({ text: `Das Freibad öffnet am Samstag (${v7()}). https://www.bonn.de/freibad`, ...media, ...over })
  }

  publish(post: Post, delivery = this.delivery()): Promise<Receipt> {
    return this.connector.publish(this.client, post, delivery.attempt())
  }

  /** What follows an unclear attempt: a look, and the same again where nothing is found. */
  async again(post: Post, delivery: Delivery): Promise<Receipt> {
    const found = await this.connector.find?.(this.client, post, delivery.attempt())
    return found ?? this.publish(post, delivery)
  }

  /** Fails unless the call fails in this class; keeps and returns the error. */
  async fails(call: Promise<unknown>, ...wanted: readonly Failure[]): Promise<Error> {
    const error: unknown = await call.then(
      (value) => assert.fail(`it succeeded: ${JSON.stringify(value)}`),
      (reason: unknown) => reason,
    )
    this.errors.push(error)
    assert.ok(error instanceof Error)
    assert.ok(wanted.includes(failureOf(error)), `${wanted.join(' or ')} was expected, not ${failureOf(error)}: ${error.stack}`)
    return error
  }

  /** What stands there with exactly this text. */
  async standing(text: string): Promise<readonly PeerPost[]> {
    return (await this.peer.posts()).filter((post) => post.text === text)
  }

  /** Fails unless exactly this one post stands there. */
  async onlyStands(text: string, receipt: Receipt): Promise<PeerPost> {
    const [only, ...more] = await this.standing(text)
    assert.deepEqual(more, [], 'it stands there more than once')
    assert.equal(only?.id, receipt.id)
    return only as PeerPost
  }

  #log() {
    const keep = (facts: object, message: string) => void this.lines.push([facts, message])
    return { debug: keep, info: keep, warn: keep }
  }

  #tools(): Tools {
    const kept = new Map<string, Buffer>([
      ...this.images.map(({ image, bytes }) => [image.id, bytes] as const),
      [film.video.id, film.bytes],
      [film.captions.captions.id, film.captions.bytes],
    ])
    const media = async (id: string) => kept.get(id) ?? assert.fail(`no media ${id}`)
    return someTools({
      media,
      mediaUrl: this.#newsroom.urlOf,
      log: this.#log(),
      ...(this.options.newsroom && { newsroom: this.options.newsroom }),
    })
  }
}
