// The mailings of one channel as its connector sees them: rows of the store, with the links that each letter carries.
import type { Kysely } from 'kysely'
import type { Mailing } from '../../connector/mailing.ts'
import { beginMailing, mailingStand, markRecipient, takeRecipient } from '../../store/mailing.ts'
import { countSubscribers, type Newsletter } from '../../store/subscribers.ts'
import type { Database } from '../../store/tables.ts'
import type { Links } from './links.ts'

export const mailingDesk = (db: Kysely<Database>, links: Links, newsletter: Newsletter): Mailing => ({
  begin: async (key, host) => {
    await beginMailing(db, { ...newsletter, key }, host)
    return mailingStand(db, key)
  },
  take: async (key, thread) => {
    const taken = await takeRecipient(db, key, thread)
    return taken && { ...taken, unsubscribe: links.unsubscribe(newsletter.city, taken.id) }
  },
  mark: (key, recipient, outcome) => markRecipient(db, key, recipient, outcome),
  stand: (key) => mailingStand(db, key),
  subscribers: () => countSubscribers(db, newsletter),
})
