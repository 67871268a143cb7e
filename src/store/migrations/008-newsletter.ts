// Who has subscribed to a city's newsletter, and one row for each letter of a mailing.
import { type Kysely, sql } from 'kysely'

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // the address is forgotten some time after a person has left; what remains names nobody
  `create table subscriber (
    id uuid primary key,
    city text not null,
    channel text not null,
    address text,
    state text not null check (state in ('pending', 'confirmed', 'left')),
    token_hash text,
    token_until timestamptz,
    source text not null,
    created_at timestamptz not null default now(),
    asked_at timestamptz not null default now(),
    confirmed_at timestamptz,
    left_at timestamptz
  )`,
  `create unique index subscriber_address on subscriber (city, channel, address)`,
  `create unique index subscriber_token on subscriber (token_hash) where token_hash is not null`,
  `create table mailing (
    delivery_id uuid not null,
    subscriber_id uuid not null references subscriber,
    message_id text not null,
    state text not null check (state in ('open', 'taken', 'sent', 'refused', 'unclear')),
    tries int not null default 0,
    due_at timestamptz not null default now(),
    at timestamptz not null default now(),
    detail text,
    primary key (delivery_id, subscriber_id)
  )`,
  `create index mailing_open on mailing (delivery_id, due_at) where state = 'open'`,
  `create index mailing_subscriber on mailing (subscriber_id)`,
]
