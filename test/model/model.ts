// What a city may expect, in few lines and without any of the machinery: the model against which the house is held.

export interface Expected {
  readonly needsApproval: boolean
  /** Milliseconds since 1970; null: it holds for ever. */
  readonly expires: number | null
  readonly wordings: number
  readonly approved: boolean
  readonly released: boolean
  readonly retracted: boolean
  readonly cleared: boolean
}

/** How a verb ends: done, or refused with this code. */
export type Verdict = 'done' | 'needs-approval' | 'already-released' | 'already-approved' | 'not-released' | 'already-retracted'

type Verb = 'approve' | 'release' | 'amend' | 'retract'

export const drafted = (needsApproval: boolean, expires: number | null): Expected => ({
  ...{ needsApproval, expires, wordings: 1 },
  ...{ approved: false, released: false, retracted: false, cleared: false },
})

/** What the verb does to the announcement, or why it is refused. */
export const after = (one: Expected, verb: Verb): readonly [Verdict, Expected] => {
  const refused = (code: Verdict): readonly [Verdict, Expected] => [code, one]
  switch (verb) {
    case 'approve':
      if (one.retracted) return refused('already-retracted')
      if (one.released) return refused('already-released')
      return one.approved ? refused('already-approved') : ['done', { ...one, approved: true }]
    case 'release':
      if (one.retracted) return refused('already-retracted')
      if (one.released) return refused('already-released')
      return one.needsApproval && !one.approved ? refused('needs-approval') : ['done', { ...one, released: true }]
    case 'amend':
      if (one.retracted) return refused('already-retracted')
      return ['done', { ...one, wordings: one.wordings + 1, approved: one.released && one.approved }]
    case 'retract':
      if (!one.released) return refused('not-released')
      return one.retracted ? refused('already-retracted') : ['done', { ...one, retracted: true }]
  }
}

/** What readers must find in the end: this wording, any of them, or none. */
export const standingWording = (
  { released, retracted, cleared, expires, wordings }: Expected,
  can: { change: boolean; retract: boolean },
) => {
  if (!released) return 'none'
  if (retracted) return can.retract ? 'none' : 'any'
  // what had not left when it was cleared, or when it ran out, does not appear any more
  return cleared || expires !== null || !can.change ? 'any' : wordings
}
