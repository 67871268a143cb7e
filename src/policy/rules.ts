// Which rule of a city speaks for a channel.
import { type Announcement, atLeast, isVideo } from '../announcement/announcement.ts'
import { speaks } from '../announcement/wording.ts'
import { isChosen } from './choice.ts'
import { reaches } from './districts.ts'
import type { Attached, Rule, RuleCondition } from './policy.ts'

/** True when everything the condition names is so. Exercises and tests fit only where `status` names them. */
export const fits = (when: RuleCondition, announcement: Announcement): boolean =>
  (when.kind === null || when.kind.includes(announcement.kind)) &&
  (when.topic === null || isChosen(when.topic, announcement.topics)) &&
  (when.district === null || reaches(when.district, announcement)) &&
  (when.severity === null || atLeast(announcement.severity, when.severity)) &&
  (when.status === null ? announcement.status === 'Actual' : when.status.includes(announcement.status)) &&
  (when.language === null || inOneOf(when.language, announcement)) &&
  (when.media === null || attached(announcement).some((kind) => when.media!.includes(kind)))

/** The announcement can be had in one of these languages, in its own or in a variant. */
const inOneOf = (languages: readonly string[], { language, variants }: Announcement): boolean =>
  languages.some((wished) => speaks(language, wished) || Object.keys(variants).some((tag) => speaks(tag, wished)))

const attached = ({ media }: Announcement): readonly Attached[] =>
  media.length === 0 ? ['none'] : media.map((file) => (isVideo(file) ? 'video' : 'image'))

export const names = (rule: Rule, channel: string): boolean => rule.channels === 'all' || rule.channels.includes(channel)
