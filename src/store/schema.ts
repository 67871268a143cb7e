// The tables as SQL text: what the migrations say when somebody writes it down instead of running it.
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import { migrations } from './migrate.ts'

export interface Schema {
  /** One SQL statement each, in order. */
  readonly statements: readonly string[]
  /** In the order in which they were made: none refers to a later one. */
  readonly tables: readonly string[]
  readonly functions: readonly string[]
}

/** Where the migrator notes what it has done. */
const notebook = [
  `create table kysely_migration (name varchar(255) not null primary key, "timestamp" varchar(255) not null)`,
  `create table kysely_migration_lock (id varchar(255) not null primary key, is_locked integer not null default 0)`,
]

/** @param names of migrations, in order; all of this program unless said otherwise. Throws for a name it does not know. */
export const schemaOf = async (names: readonly string[] = Object.keys(migrations)): Promise<Schema> => {
  const statements = [...notebook]
  const scribe = new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query }) => void statements.push(query.sql),
  })
  for (const name of names) {
    const migration = migrations[name]
    if (!migration) throw new Error(`this program knows no migration ${name}`)
    await migration.up(scribe)
  }
  return { statements, tables: namesIn(statements, 'table'), functions: namesIn(statements, 'function') }
}

const namesIn = (statements: readonly string[], what: 'table' | 'function'): readonly string[] =>
  statements.flatMap((statement) => new RegExp(`^\\s*create ${what} "?(\\w+)`, 'i').exec(statement)?.[1] ?? [])
