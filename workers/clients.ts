// One client for each channel, made when first needed, kept while it works, closed with the process.
import type { AnyConnector, Connectors, Tools } from '../src/connector/connector.ts'

export interface Clients {
  /** The channel's client; rejects with what `connect` threw (a missing secret: ChannelError). */
  of(channel: { readonly city: string; readonly channel: string; readonly platform: string }): Promise<unknown>
  /** Forgets a client, so that the next call connects anew (its credential may have been mended). */
  drop(channel: { readonly city: string; readonly channel: string }): Promise<void>
  close(): Promise<void>
}

export interface ClientParts {
  readonly connectors: Connectors
  /** The channel's parsed settings with its secrets; throws a ChannelError that names what is missing. */
  settingsOf(city: string, channel: string, connector: AnyConnector): unknown
  toolsFor(city: string, channel: string): Tools
}

export const openClients = (parts: ClientParts): Clients => {
  const open = new Map<string, { connector: AnyConnector; client: Promise<unknown> }>()
  const keyOf = (channel: { readonly city: string; readonly channel: string }): string => `${channel.city}/${channel.channel}`

  const closeOne = async (one: { connector: AnyConnector; client: Promise<unknown> }): Promise<void> => {
    const client = await one.client.catch(() => undefined)
    if (client !== undefined) await one.connector.disconnect?.(client)
  }

  return {
    of: (channel) => {
      const key = keyOf(channel)
      const known = open.get(key)
      if (known) return known.client
      const connector = parts.connectors.get(channel.platform)
      if (!connector) return Promise.reject(new Error(`no connector for ${channel.platform}`))
      const client = (async () =>
        connector.connect(parts.settingsOf(channel.city, channel.channel, connector), parts.toolsFor(channel.city, channel.channel)))()
      open.set(key, { connector, client })
      client.catch(() => open.delete(key))
      return client
    },
    drop: async (channel) => {
      const known = open.get(keyOf(channel))
      open.delete(keyOf(channel))
      if (known) await closeOne(known).catch(() => {})
    },
    close: async () => {
      await Promise.allSettled([...open.values()].map(closeOne))
      open.clear()
    },
  }
}
