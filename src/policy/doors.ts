// The addresses of the service that are no city: no city may be called like one of them, or it had no page.

/** First parts of addresses, and where the doors behind them are. */
export const doors = {
  api: '/api/v1',
  ops: '/ops',
  media: '/media',
  assets: '/assets',
  metrics: '/metrics',
  healthz: '/healthz',
  readyz: '/readyz',
} as const

export const isDoor = (key: string): boolean => Object.hasOwn(doors, key)
