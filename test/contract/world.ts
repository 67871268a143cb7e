// What every test of the contract works with: a connected client, deliveries, and everything that was thrown or logged on the way.
import assert from 'node:assert/strict'
import { v7 } from 'uuid'
import type { AnyConnector, Attempt, Newsroom, Post, Receipt, Tools } from '../../src/connector/connector.ts'
import { type Failure, failureOf } from '../../src/connector/errors.ts'
import { aPost } from '../support/builders.ts'
import { anImage } from '../support/png.ts'
import type { Peer, PeerKind, PeerPost } from './peer.ts'

export interface ContractOptions extends PeerKind {
  /** Names the connector and its peer: `bluesky on a real PDS`. */
  readonly name: string
  readonly connector: AnyConnector
  /** The desk of the city's own page; only the newsroom uses it. */
  readonly newsroom?: Newsroom
}

/** One delivery: its attempts share key, plan and memory. */
export interface Delivery {
  attempt(signal?: AbortSignal): Attempt
}

const noNewsroom: Newsroom = {
  put: () => Promise.reject(new Error('only the newsroom channel publishes there')),
  retract: () => Promise.reject(new Error('only the newsroom channel publishes there')),
  find: () => Promise.reject(new Error('only the newsroom channel publishes there')),
}

export const images = [anImage('Das Freibad von oben', 0x00549f), anImage('Der Eingang am Rhein', 0xaa3311)] as const

export class World {
  readonly connector: AnyConnector
  readonly options: ContractOptions
  peer!: Peer
  client: unknown
  /** Everything that was thrown. */
  readonly errors: unknown[] = []
  /** Everything that was logged: facts and messages. */
  readonly lines: unknown[] = []

  constructor(options: ContractOptions) {
    this.options = options
    this.connector = options.connector
  }

  async open(): Promise<void> {
    this.peer = await this.options.open()
    this.client = await this.connect(this.peer.settings)
  }

  async close(): Promise<void> {
    await this.connector.disconnect?.(this.client)
    await this.peer.close()
  }

  connect(settings: Readonly<Record<string, unknown>>): Promise<unknown> {
    return (async () => this.connector.connect(this.connector.settings.parse(settings), this.#tools()))()
  }

  delivery(): Delivery {
    const key = v7()
    const now = new Date().toISOString()
    const memory: Record<string, string> = {}
    let number = 0
    return {
      attempt: (signal = new AbortController().signal) => {
        number += 1
        const remember = async (more: Readonly<Record<string, string>>) => void Object.assign(memory, more)
        return { key, plannedAt: now, firstAt: now, number, memory, remember, signal, log: this.#log() }
      },
    }
  }

  /** A post whose text no other post has. */
  post(over: Partial<Post> = {}): Post {
    return aPost({ text: `Das Freibad öffnet am Samstag (${v7()}). https://www.bonn.de/freibad`, ...over })
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
    const media = async (id: string) => images.find(({ image }) => image.id === id)?.bytes ?? assert.fail(`no image ${id}`)
    return { media, log: this.#log(), city: 'bonn', newsroom: this.options.newsroom ?? noNewsroom }
  }
}
