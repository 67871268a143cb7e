// How a verb ends when it cannot do its work: wrong usage, a refusal of the service, or no service at all.
import type { Problem } from '../announcement/refusal.ts'

/** The person asked for something that cannot be meant; nothing was sent. */
export class WrongUsage extends Error {
  override name = 'WrongUsage'
}

/** The service understood and said no (a problem+json answer). */
export class Refused extends Error {
  override name = 'Refused'
  readonly status: number
  readonly code: string
  readonly problems: readonly Problem[]
  constructor(answer: { readonly status: number; readonly code: string; readonly detail: string; readonly problems: readonly Problem[] }) {
    super(answer.detail)
    this.status = answer.status
    this.code = answer.code
    this.problems = answer.problems
  }
}

/** Nobody answers there, or not as Rundruf would. The message is the German sentence for the person. */
export class NotReached extends Error {
  override name = 'NotReached'
}
