// Where the stores are that the operator has named: what a rehearsal may reach beside this machine.
import type { Opening } from '../src/connector/exit.ts'
import type { Config } from './config.ts'

const usual: Readonly<Record<string, number>> = { 'postgres:': 5432, 'postgresql:': 5432, 'redis:': 6379, 'rediss:': 6379 }

/** Host and port of each store that has an address; one on a socket file has none. */
export const openingsOf = ({ databaseUrl, redisUrl }: Pick<Config, 'databaseUrl' | 'redisUrl'>): readonly Opening[] =>
  [databaseUrl, redisUrl].flatMap((address) => {
    const url = URL.parse(address ?? '')
    const port = usual[url?.protocol ?? '']
    if (url === null || port === undefined) return []
    // https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
    const host = url.searchParams.get('host') ?? url.hostname.replace(/^\[|\]$/g, '')
    return host === '' || host.startsWith('/') ? [] : [{ host, port: Number(url.searchParams.get('port') ?? url.port) || port }]
  })
