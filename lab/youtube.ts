// YouTube's stand-in, written from https://developers.google.com/youtube/v3: tokens, resumable uploads, processing, subtitles, comments, quota.
import type { Answer, Ask, Call, Operation, Parts, Room } from './room.ts'
import { accountOf, tokenAnswer } from './youtube/accounts.ts'
import { unauthorized, youtubeAnswers } from './youtube/answers.ts'
import { insertCaptions, listCaptions, updateCaptions } from './youtube/captions.ts'
import { deleteComment, insertComment, insertThread, listComments, listThreads, updateComment } from './youtube/comments.ts'
import { openQuota, type YoutubeSettings, youtubeDefaults } from './youtube/limits.ts'
import { openShelf, type Shelf } from './youtube/shelf.ts'
import { openUploads, operationOf, type Uploads } from './youtube/uploads.ts'
import { deleteVideo, listUploads, listVideos, ownChannel, updateVideo } from './youtube/videos.ts'

export type { YoutubeSettings } from './youtube/limits.ts'

interface Step {
  readonly operation: Operation
  act(account: string): Answer | Promise<Answer>
}

/** Opens the room. A refresh token `rehearsal-<account>` is good for that account; every other one is refused. */
export const openYoutube = (parts: Parts, wanted: Partial<YoutubeSettings> = {}): Room => {
  const settings = { ...youtubeDefaults, ...wanted }
  const shelf = openShelf(parts, settings)
  const uploads = openUploads(shelf)
  const count = openQuota(settings.quota, parts.now)
  return {
    platform: 'youtube',
    answers: youtubeAnswers,
    call(ask): Call | undefined {
      if (ask.method === 'POST' && ask.path === '/token')
        return { operation: 'session', account: null, act: () => tokenAnswer(ask, settings, parts.now) }
      const step = stepOf(shelf, uploads, ask)
      if (!step) return undefined
      const account = accountOf(ask, parts.now)
      const act = (): Answer | Promise<Answer> => {
        if (account === null) return unauthorized()
        count(account, ask)
        return step.act(account)
      }
      return { operation: step.operation, account, act }
    },
    clear() {
      shelf.videos.clear()
      uploads.clear()
    },
  }
}

const step = (operation: Operation, act: Step['act']): Step => ({ operation, act })

const stepOf = (shelf: Shelf, uploads: Uploads, ask: Ask): Step | undefined => {
  switch (`${ask.method} ${ask.path}`) {
    case 'POST /upload/youtube/v3/videos':
      return ask.query.get('uploadType') === 'resumable' ? step('media', (account) => uploads.begin(account, ask)) : undefined
    case 'PUT /upload/youtube/v3/videos':
      return step(operationOf(ask), () => uploads.piece(ask))
    case 'POST /upload/youtube/v3/captions':
      return step('media', (account) => insertCaptions(shelf, account, ask))
    case 'PUT /upload/youtube/v3/captions':
      return step('media', (account) => updateCaptions(shelf, account, ask))
    case 'GET /youtube/v3/captions':
      return step('read', (account) => listCaptions(shelf, account, ask))
    case 'GET /youtube/v3/channels':
      return step('read', (account) => ownChannel(account, ask))
    case 'GET /youtube/v3/playlistItems':
      return step('read', (account) => listUploads(shelf, account, ask))
    default:
      return videoStep(shelf, ask) ?? commentStep(shelf, ask)
  }
}

const videoStep = (shelf: Shelf, ask: Ask): Step | undefined => {
  switch (`${ask.method} ${ask.path}`) {
    case 'GET /youtube/v3/videos':
      return step('read', (account) => listVideos(shelf, account, ask))
    case 'PUT /youtube/v3/videos':
      return step('update', (account) => updateVideo(shelf, account, ask))
    case 'DELETE /youtube/v3/videos':
      return step('delete', (account) => deleteVideo(shelf, account, ask))
    default:
      return undefined
  }
}

const commentStep = (shelf: Shelf, ask: Ask): Step | undefined => {
  switch (`${ask.method} ${ask.path}`) {
    case 'GET /youtube/v3/commentThreads':
      return step('read', () => listThreads(shelf, ask))
    case 'POST /youtube/v3/commentThreads':
      return step('publish', (account) => insertThread(shelf, account, ask))
    case 'GET /youtube/v3/comments':
      return step('read', () => listComments(shelf, ask))
    case 'POST /youtube/v3/comments':
      return step('publish', (account) => insertComment(shelf, account, ask))
    case 'PUT /youtube/v3/comments':
      return step('update', (account) => updateComment(shelf, account, ask))
    case 'DELETE /youtube/v3/comments':
      return step('delete', (account) => deleteComment(shelf, account, ask))
    default:
      return undefined
  }
}
