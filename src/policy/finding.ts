// What is wrong in a city file, and where.

/** Something wrong in a city file, at a key path (`['channels', 1, 'platform']`). */
export interface Finding {
  readonly code: string
  readonly path: readonly (string | number)[]
  /** True where the key itself is wrong, not its value. */
  readonly atKey?: boolean
  readonly de: string
  readonly en: string
}
