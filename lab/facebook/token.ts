// What the Graph API says of a token: https://developers.facebook.com/docs/graph-api/reference/debug_token
import type { Answer } from '../room.ts'
import { refusal } from './answers.ts'
import { type GraphAsk, text } from './ask.ts'

/** A page token made of a long-lived user token: it has no end of its own, its access to data has one. */
const scopes = [
  'pages_show_list',
  'pages_read_engagement',
  'pages_manage_posts',
  'pages_manage_engagement',
  'instagram_basic',
  'instagram_content_publish',
  'instagram_manage_comments',
  'instagram_manage_insights',
  'instagram_manage_contents',
]

/** A token may ask about itself alone. */
export const tokenAnswer = (account: string, ask: GraphAsk): Answer => {
  if (text(ask, 'input_token') !== `rehearsal-${account}`)
    throw refusal(100, '(#100) You must provide an app access token, or a user access token that is an owner or developer of the app')
  const data = { app_id: '1000000000000001', type: 'PAGE', application: 'Rundruf', is_valid: true, expires_at: 0, scopes }
  return { status: 200, body: { data: { ...data, data_access_expires_at: 4_102_444_800 } } }
}
