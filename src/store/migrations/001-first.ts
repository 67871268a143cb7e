// The first tables. Numbered and never edited: a change is a new file.
import { type Kysely, sql } from 'kysely'

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table announcement (
    id uuid primary key,
    city text not null,
    revision int not null default 1,
    created_at timestamptz not null default now(),
    created_by text not null,
    released_at timestamptz,
    retracted_at timestamptz
  )`,
  `create index announcement_by_city on announcement (city, created_at desc)`,
  `create table revision (
    announcement_id uuid not null references announcement (id),
    number int not null,
    content jsonb not null,
    created_at timestamptz not null default now(),
    created_by text not null,
    primary key (announcement_id, number)
  )`,
  `create table plan (
    id uuid primary key,
    announcement_id uuid not null references announcement (id),
    revision int not null,
    digest text not null,
    policy_digest text not null,
    content jsonb not null,
    created_at timestamptz not null default now()
  )`,
  `create index plan_by_announcement on plan (announcement_id, created_at)`,
  `create table approval (
    announcement_id uuid not null references announcement (id),
    revision int not null,
    digest text not null,
    actor text not null,
    at timestamptz not null default now(),
    primary key (announcement_id, digest, actor)
  )`,
  `create table delivery (
    id uuid primary key,
    announcement_id uuid not null references announcement (id),
    revision int not null,
    city text not null,
    channel text not null,
    platform text not null,
    way text not null check (way in ('urgent', 'routine')),
    action text not null check (action in ('publish', 'update', 'reply', 'retract')),
    target uuid references delivery (id),
    follows uuid references announcement (id),
    post jsonb,
    doubles text not null default 'avoid' check (doubles in ('avoid', 'tolerate')),
    standby_for text,
    sequence int not null,
    state text not null check (state in ('planned', 'queued', 'sending', 'waiting', 'looking', 'held', 'delivered', 'given-up', 'expired', 'superseded')),
    held_for text check (held_for in ('answer', 'channel')),
    question text,
    reason text,
    turn int not null default 0,
    fence int not null default 0,
    lease_until timestamptz,
    due_at timestamptz not null,
    not_before timestamptz,
    expires_at timestamptz,
    attempts int not null default 0,
    first_at timestamptz,
    unclears int not null default 0,
    unclear_since timestamptz,
    memory jsonb not null default '{}',
    planned_at timestamptz not null default now(),
    queued_at timestamptz,
    settled_at timestamptz,
    unique (announcement_id, channel, sequence)
  )`,
  `create index delivery_on_its_way on delivery (state, due_at) where state in ('queued', 'sending', 'waiting', 'looking', 'held')`,
  `create index delivery_planned on delivery (announcement_id) where state = 'planned'`,
  `create index delivery_expiring on delivery (expires_at) where expires_at is not null and state in ('planned', 'queued', 'waiting', 'held')`,
  `create index delivery_by_follows on delivery (follows, channel) where follows is not null`,
  `create index delivery_by_channel_held on delivery (city, channel) where state = 'held'`,
  `create table attempt (
    id bigint generated always as identity primary key,
    delivery_id uuid not null references delivery (id),
    fence int not null,
    at timestamptz not null default now(),
    event text not null,
    failure text,
    detail text
  )`,
  `create index attempt_by_delivery on attempt (delivery_id, id)`,
  `create table outbox (
    id bigint generated always as identity primary key,
    delivery_id uuid not null,
    turn int not null,
    platform text not null,
    way text not null,
    due_at timestamptz not null
  )`,
  `create index outbox_by_due on outbox (way, due_at, id)`,
  `create table receipt (
    delivery_id uuid primary key references delivery (id),
    id text not null,
    url text,
    at timestamptz not null,
    detail jsonb not null default '{}',
    retracted_at timestamptz
  )`,
  `create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor text not null,
    action text not null,
    subject text not null,
    facts jsonb not null,
    previous_hash text not null,
    hash text not null unique
  )`,
  `create table idempotency (
    actor text not null,
    key text not null,
    request text not null,
    status int,
    answer jsonb,
    created_at timestamptz not null default now(),
    primary key (actor, key)
  )`,
  `create table api_key (
    id uuid primary key,
    name text not null,
    hash text not null unique,
    role text not null,
    cities jsonb not null,
    created_at timestamptz not null default now(),
    revoked_at timestamptz
  )`,
  `create table channel (
    city text not null,
    channel text not null,
    suspended_at timestamptz,
    suspended_by text,
    suspended_because text,
    identity jsonb,
    checked_at timestamptz,
    primary key (city, channel)
  )`,
  `create table media (
    id text primary key,
    type text not null,
    bytes bytea not null,
    width int not null,
    height int not null,
    created_at timestamptz not null default now(),
    created_by text not null
  )`,
  `create table newsroom (
    city text not null,
    key uuid not null,
    post jsonb not null,
    published_at timestamptz not null,
    updated_at timestamptz,
    retracted_at timestamptz,
    primary key (city, key)
  )`,
  `create index newsroom_warning on newsroom (city, published_at desc) where post->>'kind' = 'warning' and retracted_at is null`,
  `create index newsroom_by_time on newsroom (city, published_at desc)`,
  `create table queue_mark (id int primary key check (id = 1), mark text not null)`,
  `insert into queue_mark (id, mark) values (1, '')`,
]
