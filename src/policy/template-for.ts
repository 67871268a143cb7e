// Which wording a channel has for an announcement: the first of its `templates` that fits, else its `template`.
import type { Announcement } from '../announcement/announcement.ts'
import type { Channel } from './policy.ts'
import { fits } from './rules.ts'

/** In the form that rendering takes; null: the platform's usual. A `when` without a status fits exercises and tests too: they read as the earnest would. */
export const templateFor = (
  { template, templates }: Pick<Channel, 'template' | 'templates'>,
  announcement: Announcement,
): Channel['template'] => {
  const found = templates.find(({ when }) => fits({ ...when, status: when.status ?? [announcement.status] }, announcement))
  return found === undefined ? template : { '*': found.text }
}
