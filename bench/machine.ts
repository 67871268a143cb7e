// On what the figures were measured: absolute numbers say nothing without it.
import { availableParallelism, cpus, loadavg } from 'node:os'
import { Redis } from 'ioredis'
import pg from 'pg'
import type { Ground } from './ground.ts'

export interface Machine {
  readonly cores: number
  readonly processor: string
  /** Average of the last minute. */
  readonly load: number
  readonly node: string
  readonly postgres: string
  readonly fsync: string
  readonly redis: string
  readonly appendfsync: string
}

export const machineOf = async ({ databaseUrl, redisPath }: Ground): Promise<Machine> => {
  const [postgres, redis] = [await postgresOf(databaseUrl), await redisOf(redisPath)]
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    load: loadavg()[0] ?? Number.NaN,
    node: process.versions.node,
    ...postgres,
    ...redis,
  }
}

const postgresOf = async (url: string): Promise<Pick<Machine, 'postgres' | 'fsync'>> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query("select current_setting('server_version') as postgres, current_setting('fsync') as fsync")
    return rows[0]
  } finally {
    await client.end()
  }
}

const redisOf = async (path: string): Promise<Pick<Machine, 'redis' | 'appendfsync'>> => {
  const redis = new Redis({ path })
  try {
    const [, appendfsync] = (await redis.config('GET', 'appendfsync')) as string[]
    return { redis: /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? 'unknown', appendfsync: appendfsync ?? 'unknown' }
  } finally {
    redis.disconnect()
  }
}
