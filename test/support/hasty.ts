// PostgreSQL as tests want it: nothing has to survive a power cut.

/** Server settings, for `startPostgres({ settings: hasty })`. */
export const hasty = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400' }
