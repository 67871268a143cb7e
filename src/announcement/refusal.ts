// How the house says no: a stable code, a German and an English sentence, and the place where it happened.

export interface Problem {
  /** Stable, kebab-case: scripts hang on it. */
  readonly code: string
  /** What is wrong and what to do, for the people who work here. */
  readonly de: string
  readonly en: string
  /** Where: a field (`link`, `media.0.alt`), a file with line (`bonn.yaml:12`), a channel. */
  readonly place?: string
}

/** A wish that was understood and refused; nothing was stored. Doors turn it into their own form (problem+json, a sentence, an exit code). */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: string
  readonly problems: readonly Problem[]
  constructor(problems: Problem | readonly Problem[], options?: ErrorOptions) {
    const list: readonly Problem[] = Array.isArray(problems) ? problems : [problems as Problem]
    super(list.map((problem) => problem.en).join(' '), options)
    this.code = list[0]?.code ?? 'refused'
    this.problems = list
  }
}
