// Idempotency keys as Mastodon remembers them: per account, for an hour. https://docs.joinmastodon.org/methods/statuses/#create

export interface Keys {
  /** The id of the status that was posted with this key less than an hour ago. */
  find(accountId: string, key: string): string | undefined
  keep(accountId: string, key: string, statusId: string): void
  clear(): void
}

const hour = 3_600_000

export const openKeys = (now: () => number): Keys => {
  const kept = new Map<string, { statusId: string; until: number }>()
  /** The oldest stand first: forgets those whose hour is over. */
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
      kept.set(`${accountId}:${key}`, { statusId, until: now() + hour })
    },
    clear: () => kept.clear(),
  }
}
