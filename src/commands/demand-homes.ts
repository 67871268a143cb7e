// Nothing is released with a picture or a film that no channel would show: who brought it believes that it is seen.
import { wayOf } from '../announcement/announcement.ts'
import { Refusal } from '../announcement/refusal.ts'
import { homeless } from '../planning/homeless.ts'
import type { Plan } from '../planning/plan.ts'

/** Refuses with `media-fits-nowhere`. A warning does not wait for a picture: it goes without, and the plan says so on every channel. */
export const demandHomes = (plan: Plan): void => {
  if (wayOf(plan.announcement) === 'urgent') return
  const problems = homeless(plan).map(({ at, reasons }) => ({
    code: 'media-fits-nowhere',
    de: `Die ${at + 1}. Datei würde kein Kanal zeigen. ${reasons.join(' ')} Bitte passend machen oder weglassen.`,
    en: `No channel would show file ${at + 1}. The plan says why for each. Please make it fit or leave it out.`,
    place: `media.${at}`,
  }))
  if (problems.length > 0) throw new Refusal(problems)
}
