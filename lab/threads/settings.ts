// What Threads' stand-in is set to; the defaults are Meta's documented numbers.

export interface ThreadsSettings {
  /** "Text posts are limited to 500 characters": https://developers.facebook.com/docs/threads/posts */
  readonly maxCharacters: number
  /** Different links of one post: https://developers.facebook.com/docs/threads/create-posts/text-attachments */
  readonly maxLinks: number
  /** Milliseconds for which a container is in progress. */
  readonly processingMs: number
  /** "The container was not published within 24 hours and has expired": https://developers.facebook.com/docs/threads/troubleshooting */
  readonly containerSeconds: number
  /** How many in a moving day: https://developers.facebook.com/docs/threads/overview#rate-limiting */
  readonly quotas: { readonly posts: number; readonly replies: number; readonly deletes: number }
  /** The age of a token when the lab first sees it, in seconds; it lives for 60 days and can be refreshed after one. */
  readonly tokenAgeSeconds: number
  /** What the token may do; `debug_token` tells. */
  readonly scopes: readonly string[]
  /** Whether the token is a tester's: nobody else may ask for `debug_token`. */
  readonly tester: boolean
}

export const threadsDefaults: ThreadsSettings = {
  maxCharacters: 500,
  maxLinks: 5,
  processingMs: 0,
  containerSeconds: 86_400,
  quotas: { posts: 250, replies: 1000, deletes: 100 },
  tokenAgeSeconds: 10 * 86_400,
  scopes: [
    'threads_basic',
    'threads_content_publish',
    'threads_manage_replies',
    'threads_read_replies',
    'threads_manage_insights',
    'threads_delete',
  ],
  tester: true,
}
