// What is decided for one channel, and what a decision depends on beside announcement and policy.
import type { Urgent } from '../announcement/announcement.ts'

/** Stable codes; scripts and texts hang on them. */
export const becauses = [
  'rule', // a rule sends it here
  'fallback', // takes over for a suspended channel
  'follows', // what it corrects or ends stands here, so it goes here too, rule or no rule
  'standby', // ready to take over for another channel
  'emergency-only',
  'dormant',
  'left',
  'discontinued',
  'no-connector',
  'no-rule',
  'kind',
  'topic',
  'district',
  'suspended',
  'does-not-fit',
  'needs-media',
  'quiet-hours',
  'scheduled',
  'delayed', // the channel comes some minutes after the city's own page
  'approval',
  'expired',
  'cannot-update', // the platform can neither edit nor answer
  'cannot-retract',
  'nothing-there', // nothing of it stands there that could be changed or taken back
  'unchanged',
] as const

export type Because = (typeof becauses)[number]

/** What keeps a channel from carrying an announcement whatever the rules say. */
export type Bar = Extract<Because, 'discontinued' | 'left' | 'dormant' | 'no-connector' | 'emergency-only' | 'kind' | 'topic' | 'district'>

export interface Decision {
  readonly channel: string
  readonly platform: string
  readonly verdict: 'send' | 'wait' | 'omit'
  readonly because: Because
  /** One German sentence, in words a press officer would use. */
  readonly reason: string
  /** Name of the rule that decided; null where none did. */
  readonly rule: string | null
  /** ISO 8601 UTC: not before this; null: at once, or not at all. */
  readonly notBefore: string | null
  readonly doubles: 'avoid' | 'tolerate'
  readonly way: Urgent
  /** The channel for which this one stands by or takes over. */
  readonly standbyFor: string | null
}

/** What the decision depends on beside announcement and policy. */
export interface Situation {
  /** ISO 8601 UTC. */
  readonly now: string
  /** Names of the city's suspended channels with the reason in words. */
  readonly suspended: ReadonlyMap<string, string>
  /** Platforms that have a connector here. */
  readonly connected: ReadonlySet<string>
  /** True once the approval that a rule asks for has been given. */
  readonly approved: boolean
  /**
   * Names of the channels on which what this announcement follows (its earlier revision, the warning it ends) stands or is on its way:
   * `standingChannels` of planning/follow-up.ts. There the follow-up goes in any case that `use` allows. Absent: none.
   */
  readonly standing?: ReadonlySet<string>
  /**
   * Names of the channels that were to have what it follows, whatever has become of it there: `followedChannels` of planning/standing.ts. The
   * digest of a plan counts these as standing, so that an approval outlives the progress of deliveries. Absent: `standing`.
   */
  readonly followed?: ReadonlySet<string>
  /** True where what it amends asks for an approval by today's policy: no change of topic or severity leads past it. Absent: false. */
  readonly heldBefore?: boolean
}
