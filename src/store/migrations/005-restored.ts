// Sending can rest until a person says go (after a backup was restored), and the audit knows its own end.
import { type Kysely, sql } from 'kysely'

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // one row while sending rests, none otherwise
  `create table sending_pause (
    id int primary key check (id = 1),
    since timestamptz not null default now(),
    because text not null
  )`,
  `alter table delivery drop constraint delivery_held_for_check`,
  `alter table delivery add constraint delivery_held_for_check check (held_for in ('answer', 'channel', 'restore'))`,
  // a chain of hashes alone does not show that its last rows are gone
  `create table audit_head (id int primary key check (id = 1), entries bigint not null, hash text not null)`,
  `insert into audit_head (id, entries, hash)
    select 1, count(*), coalesce((select hash from audit order by id desc limit 1), '') from audit`,
  `create function audit_grows() returns trigger language plpgsql as $$
    begin
      update audit_head set entries = entries + 1, hash = new.hash where id = 1;
      return null;
    end
  $$`,
  `create trigger audit_grows after insert on audit for each row execute function audit_grows()`,
]
