// The verb release, and reading what would be released: nobody releases a plan that they have not seen.
import { createInterface } from 'node:readline/promises'
import type { AnnouncementView } from '../commands/view.ts'
import type { Plan } from '../planning/plan.ts'
import { waitingAsText } from './announcement-page.ts'
import type { Api } from './api.ts'
import { WrongUsage } from './failures.ts'
import { type ReportOptions, report } from './reporting.ts'
import type { Shell } from './shell.ts'
import type { ExitCode } from './surroundings.ts'

export const one = (id: string, verb = ''): string => `/announcements/${encodeURIComponent(id)}${verb}`

/** The plan of the draft, or of the amendment that waits. */
export const planOf = (api: Api, id: string): Promise<Plan> => api.post<Plan>(one(id, '/plan'))

export interface ReleaseOptions extends ReportOptions {
  readonly digest?: string
}

/** Without a digest it shows the plan and asks, on a terminal; a script has to name what it has read. */
export const release = async (shell: Shell, id: string, options: ReleaseOptions): Promise<ExitCode> => {
  const api = await shell.api()
  const digest = options.digest ?? (await readOnTerminal(shell, api, id))
  if (digest === null) {
    shell.tell('Nichts veröffentlicht.')
    return 1
  }
  const view = await api.post<AnnouncementView>(one(id, '/release'), { digest })
  return await report(shell, api, { view, options, step: view.revision > 1 ? 'amend' : 'release' })
}

const readOnTerminal = async (shell: Shell, api: Api, id: string): Promise<string | null> => {
  if (!shell.surroundings.in.isTTY || !shell.surroundings.err.isTTY)
    throw new WrongUsage(`Bitte mit --digest die Prüfsumme des Sendeplans nennen, den Sie gelesen haben; er steht in: rundruf show ${id}`)
  const view = await api.get<AnnouncementView>(one(id))
  const plan = await planOf(api, id)
  shell.tell(waitingAsText(view, plan, shell.page))
  return (await saysYes(shell, 'Genau so veröffentlichen?')) ? plan.digest : null
}

/** Asks on a terminal; a script has decided already. */
export const saysYes = async (shell: Shell, question: string): Promise<boolean> => {
  const { in: input, err } = shell.surroundings
  if (!input.isTTY || !err.isTTY) return true
  const line = createInterface({ input, output: err })
  try {
    const answer = await line.question(`${question} (ja/nein) `)
    return /^j(a)?$/i.test(answer.trim())
  } finally {
    line.close()
  }
}
