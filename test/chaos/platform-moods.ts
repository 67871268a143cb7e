// What the platforms of a kill loop are like, the same for the whole run: their clocks, what they make of texts, whether they know keys.
import type { Mood } from '../../lab/lab.ts'
import type { Chance } from './random.ts'

export interface PlatformMoods {
  readonly moods: Readonly<Record<'mastodon' | 'bluesky', Mood>>
  /** False: Mastodon ignores idempotency keys, so that a look alone keeps a post from standing there twice. */
  readonly knowsKeys: boolean
}

/** Up to five minutes off either way; texts as sent in a quarter of the runs. */
export const platformMoods = (chance: Chance): PlatformMoods => {
  const clockMs = () => chance.whole(-300, 300) * 1000
  return {
    moods: {
      mastodon: { clockMs: clockMs(), text: chance.pick(['as-sent', 'cleaned', 'markdown', 'markdown-only'] as const) },
      bluesky: { clockMs: clockMs(), text: 'as-sent' },
    },
    knowsKeys: chance.percent(30),
  }
}
