// whatsapp-web.js as we use it: loaded when first needed, typed where its own types are silent, and kept from ending our process.
import type { ChildProcess } from 'node:child_process'
import { ChannelError } from '../../src/connector/errors.ts'

/** The library's client; everything it gives is parsed where it is used. */
export interface WebClient {
  on(event: string, act: (fact: unknown) => void): unknown
  once(event: string, act: (fact: unknown) => void): unknown
  emit(event: string, fact: unknown): unknown
  initialize(): Promise<void>
  destroy(): Promise<void>
  inject(): Promise<void>
  requestPairingCode(...wish: unknown[]): Promise<unknown>
  getState(): Promise<string | null>
  getChatById(id: string): Promise<unknown>
  getChannelByInviteCode(code: string): Promise<unknown>
  sendMessage(chat: string, content: unknown, options: object): Promise<unknown>
  readonly pupBrowser: Browser | null
}

interface Browser {
  process(): ChildProcess | null
  once(event: 'disconnected', act: () => void): unknown
}

export interface Library {
  readonly Client: new (options: object) => WebClient
  readonly MessageMedia: new (type: string, base64: string, name: string) => object
}

/** Said by a client of ours when a step that the library does not wait for has failed. */
export const brokenEvent = 'rundruf-broken'

/** @throws ChannelError where it is not installed */
export const loadLibrary = async (): Promise<Library> => {
  try {
    const { default: library } = await import('whatsapp-web.js')
    return library as unknown as Library
  } catch (cause) {
    throw new ChannelError(
      'Für WhatsApp fehlt hier das Paket whatsapp-web.js. Es kommt mit `npm install --include=optional`; bis dahin hilft `by: hand`.',
      { cause },
    )
  }
}

/**
 * A client whose loose ends are tied: some of its steps are begun and not waited for, and when one of them fails (the page has gone, the
 * account is told to wait), Node would end the whole process.
 */
export const newClient = ({ Client }: Library, options: object): WebClient => {
  const client = new Client(options)
  const inject = client.inject.bind(client)
  let begun = false
  client.inject = async () => {
    if (begun) return inject().catch((error: unknown) => void client.emit(brokenEvent, error))
    begun = true
    return inject()
  }
  const requestPairingCode = client.requestPairingCode.bind(client)
  client.requestPairingCode = (...wish) => requestPairingCode(...wish).catch((error: unknown) => void client.emit(brokenEvent, error))
  const destroy = client.destroy.bind(client)
  client.destroy = () => destroy().catch(() => {})
  return client
}
