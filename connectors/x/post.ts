// A post as X's API gives it, and the receipt made of it.
import { z } from 'zod'
import type { Receipt } from '../../src/connector/connector.ts'
import type { XClient } from './client.ts'

/** The fields we read of https://docs.x.com/x-api/fundamentals/data-dictionary#post. */
export const post = z.object({
  id: z.string().regex(/^\d{1,19}$/),
  text: z.string(),
  entities: z
    .object({ urls: z.array(z.object({ url: z.string(), expanded_url: z.string().nullish(), media_key: z.string().nullish() })).nullish() })
    .nullish(),
})
export type XPost = z.infer<typeof post>

export const receiptOf = ({ web, handle }: XClient, id: string): Receipt => ({
  id,
  // X finds a post by its id; the name before it is for people
  url: `${web}/${handle ?? 'i'}/status/${id}`,
  at: new Date(bornAt(id)).toISOString(),
})

/** 2010-11-04, from which the ids of posts count their milliseconds. */
const epoch = 1_288_834_974_657n

/** When a post appeared, in milliseconds since 1970: its id begins with it. https://docs.x.com/fundamentals/x-ids */
export const bornAt = (id: string): number => Number((BigInt(id) >> 22n) + epoch)

/** The post id; a person may have given the post's address instead. */
export const idOf = ({ id }: Pick<Receipt, 'id'>): string => /(\d{1,19})\/?$/.exec(id.replace(/[?#].*$/, ''))?.[1] ?? id
