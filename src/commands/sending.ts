// Whether sending rests, and the word of a person that ends the rest.
import { demand, everyCity } from '../access/actor.ts'
import { audit } from '../store/audit.ts'
import { resumeSending, sendingPause } from '../store/pausing.ts'
import { type Actor, type Desk, transact } from './desk.ts'

export interface SendingView {
  /** Null while sending goes on as usual. */
  readonly paused: { readonly since: string; readonly because: string } | null
  /** Set by `resume`: what was done with deliveries that may have been sent since the backup. */
  readonly resumed?: { readonly lookedUp: number; readonly asked: number }
}

/** Everyone who has a key may know. */
export const showSending = async (desk: Desk): Promise<SendingView> => {
  const pause = await sendingPause(desk.db)
  return { paused: pause && { since: pause.since.toISOString(), because: pause.because } }
}

/** Lets sending go on; where it does, nothing happens. Refuses with `not-allowed`. */
export const resume = async (desk: Desk, actor: Actor): Promise<SendingView> => {
  demand(actor, 'operate', everyCity)
  const resumed = await transact(desk, async (trx) => {
    const done = await resumeSending(trx, desk.connectors)
    if (done) await audit(trx, { actor: actor.id, action: 'resume-sending', subject: 'rundruf', facts: { ...done } })
    return done
  })
  return { paused: null, ...(resumed && { resumed }) }
}
