// Idempotency keys as Mastodon remembers them: per account, for an hour; other servers with its API know none. https://docs.joinmastodon.org/methods/statuses/#create

export interface Keys {
  /** The id of the status that was posted with this key and is not forgotten yet. */
  find(accountId: string, key: string): string | undefined
  keep(accountId: string, key: string, statusId: string): void
  clear(): void
}

export const openKeys = (now: () => number, seconds: number): Keys => {
  const kept = new Map<string, { statusId: string; until: number }>()
  /** The oldest stand first: forgets those whose time is over. */
  const forget = (): void => {
    for (const [key, { until }] of kept) {
      if (until > now()) return
      kept.delete(key)
    }
  }
  return {
    find(accountId, key) {
      const known = kept.get(`${accountId}:${key}`)
      return known && known.until > now() ? known.statusId : undefined
    },
    keep(accountId, key, statusId) {
      forget()
      kept.delete(`${accountId}:${key}`)
      kept.set(`${accountId}:${key}`, { statusId, until: now() + seconds * 1000 })
    },
    clear: () => kept.clear(),
  }
}
