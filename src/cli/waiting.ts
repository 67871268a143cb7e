// Waits by long polling until nothing more will happen by itself: all settled, a person is asked, or the time is up.
import { setTimeout as pause } from 'node:timers/promises'
import type { AnnouncementView } from '../commands/view.ts'
import type { Api } from './api.ts'
import { outcomeOf, type Step } from './outcome.ts'
import type { Shell } from './shell.ts'

export interface Wait {
  readonly view: AnnouncementView
  /** Seconds. */
  readonly timeout: number
  readonly step: Step
}

/** Seconds that one request is held open by the service. */
const longPoll = 2
/** The least time between two looks, should the service answer at once. */
const leastPause = 100

export const waitForDeliveries = (shell: Shell, api: Api, { view, timeout, step }: Wait): Promise<AnnouncementView> =>
  shell.during(progress(view, step), async (say) => {
    const end = performance.now() + timeout * 1000
    let last = view
    while (isMoving(last, step, (end - performance.now()) / 1000)) {
      const left = Math.max(0, (end - performance.now()) / 1000)
      const began = performance.now()
      const seconds = Math.max(1, Math.round(Math.min(longPoll, left)))
      last = await api.get<AnnouncementView>(`/announcements/${encodeURIComponent(view.id)}?wait=${seconds}`, seconds + 30)
      say(progress(last, step))
      if (performance.now() - began < leastPause) await pause(leastPause)
    }
    return last
  })

/** True while something may still change within the seconds that are left. */
const isMoving = (view: AnnouncementView, step: Step, left: number): boolean => {
  const deadline = Date.now() + left * 1000
  return left > 0 && outcomeOf(view, step).open.some((delivery) => Date.parse(delivery.dueAt) <= deadline)
}

const progress = (view: AnnouncementView, step: Step): string => {
  const { counted, delivered, open } = outcomeOf(view, step)
  const names = open.map((delivery) => delivery.channel)
  const waiting = names.length === 0 ? '' : ` Es fehlt noch: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}`
  return `${delivered.length} von ${counted.length} zugestellt.${waiting}`
}
