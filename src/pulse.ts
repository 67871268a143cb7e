// Whether store and queue answer: what `GET /readyz` says.
import { setTimeout as pause } from 'node:timers/promises'
import type { Desk } from './commands/desk.ts'
import { databaseNow } from './store/announcements.ts'

/** Milliseconds: who asks for readiness asks again soon. */
const patienceMs = 2000

export const pulseOf = async ({
  db,
  queues,
}: {
  readonly db: Desk['db']
  readonly queues: { pulse(): Promise<unknown> }
}): Promise<{ readonly database: boolean; readonly queue: boolean }> => {
  const answers = async (question: Promise<unknown>): Promise<boolean> =>
    Promise.race([
      question.then(
        () => true,
        () => false,
      ),
      pause(patienceMs).then(() => false),
    ])
  const [database, queue] = await Promise.all([answers(databaseNow(db)), answers(queues.pulse())])
  return { database, queue }
}
