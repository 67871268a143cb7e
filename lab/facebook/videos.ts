// Videos and reels on the lab's Facebook: begun, uploaded piece by piece, finished, processed.
import { fileTypeFromBuffer } from 'file-type'
import type { Answer, Ask } from '../room.ts'
import { invalid, noObject, refusal } from './answers.ts'
import { chosen, type GraphAsk, graphTime, text } from './ask.ts'
import { commentsOn, type FacebookDesk, homeOf, type Video } from './page.ts'
import { summaryOf } from './posts.ts'

const begin = (desk: FacebookDesk, account: string, page: string, reel: boolean): Video => {
  const id = desk.nextId()
  const video: Video = {
    kind: 'video',
    id,
    page,
    account,
    at: desk.now(),
    reel,
    session: desk.nextId(),
    size: null,
    bytes: Buffer.alloc(0),
    file: null,
    entry: null,
    finishedAt: 0,
  }
  desk.things.set(id, video)
  return video
}

/** POST /{page}/video_reels. https://developers.facebook.com/docs/video-api/guides/reels-publishing/ */
export const reelStep = async (desk: FacebookDesk, account: string, page: string, ask: GraphAsk): Promise<Answer> => {
  switch (text(ask, 'upload_phase').toLowerCase()) {
    case 'start': {
      const { id } = begin(desk, account, page, true)
      return { status: 200, body: { video_id: id, upload_url: `${homeOf(desk)}/video-upload/v25.0/${id}` } }
    }
    case 'finish': {
      const video = desk.things.get(text(ask, 'video_id'))
      if (video?.kind !== 'video' || !video.reel || video.account !== account) throw noObject('post', text(ask, 'video_id'))
      if (video.size === null || video.bytes.length < video.size) throw invalid('(#100) Video Upload Is Missing', 1363130)
      if (text(ask, 'video_state') !== 'PUBLISHED') throw invalid('The lab plays video_state=PUBLISHED alone')
      if (video.entry === null) mayPublishReel(desk, page)
      await finish(desk, video, text(ask, 'description'), null)
      return { status: 200, body: { success: true } }
    }
    default:
      throw invalid('(#100) Param upload_phase must be one of {START, FINISH}')
  }
}

const day = 86_400_000

const mayPublishReel = ({ things, settings, parts }: FacebookDesk, page: string): void => {
  const today = [...things.values()].filter(
    (one) => one.kind === 'video' && one.reel && one.page === page && one.entry && Date.parse(one.at) > parts.now() - day,
  )
  if (today.length >= settings.reelsPerDay) throw refusal(613, '(#613) Calls to this api have exceeded the rate limit.', { status: 403 })
}

/** POST to the address that the session named, with `offset` and `file_size` in its headers. */
export const uploadReelBytes = (desk: FacebookDesk, account: string, id: string, { headers, body }: Ask): Answer => {
  const video = desk.things.get(id)
  if (video?.kind !== 'video' || !video.reel || video.account !== account) throw noObject('post', id)
  const [offset, size] = [Number(headers.offset), Number(headers.file_size)]
  if (offset !== video.bytes.length || !(size > 0)) throw invalid('Offset or file_size is wrong')
  video.size = size
  video.bytes = Buffer.concat([video.bytes, body])
  return { status: 200, body: { success: true } }
}

/** POST /{page}/videos. https://developers.facebook.com/docs/graph-api/reference/page/videos/ */
export const videoStep = async (desk: FacebookDesk, account: string, page: string, ask: GraphAsk): Promise<Answer> => {
  const phase = text(ask, 'upload_phase')
  if (phase === 'start') {
    const size = Number(text(ask, 'file_size'))
    if (!(size > 0)) throw invalid('(#100) Param file_size is required', 1363024)
    const video = begin(desk, account, page, false)
    video.size = size
    return { status: 200, body: { video_id: video.id, upload_session_id: video.session, ...spanOf(desk, video) } }
  }
  const video = [...desk.things.values()].find(
    (one): one is Video => one.kind === 'video' && one.account === account && one.session === text(ask, 'upload_session_id'),
  )
  if (!video || video.entry) throw refusal(6000, 'There was a problem with your video upload session.', { subcode: 1363030 })
  if (phase === 'transfer') {
    const piece = ask.file
    if (!piece || Number(text(ask, 'start_offset')) !== video.bytes.length)
      throw refusal(6001, 'The start offset is wrong.', { subcode: 1363037 })
    video.bytes = Buffer.concat([video.bytes, piece])
    return { status: 200, body: spanOf(desk, video) }
  }
  if (phase !== 'finish') throw invalid('(#100) Param upload_phase must be one of {start, transfer, finish, cancel}')
  if (video.bytes.length !== video.size) throw refusal(6000, 'The video is not complete.', { subcode: 1363031 })
  await finish(desk, video, text(ask, 'description'), text(ask, 'title') || null)
  return { status: 200, body: { success: true } }
}

/** Offsets are strings there. */
const spanOf = ({ settings }: FacebookDesk, { bytes, size }: Video): object => ({
  start_offset: String(bytes.length),
  end_offset: String(Math.min(bytes.length + settings.pieceBytes, size ?? 0)),
})

const finish = async (desk: FacebookDesk, video: Video, description: string, title: string | null): Promise<void> => {
  if (video.entry) return
  const type = (await fileTypeFromBuffer(video.bytes))?.mime ?? 'application/octet-stream'
  if (!type.startsWith('video/'))
    throw refusal(352, 'The video file you selected is in a format that we don’t support.', { subcode: 1363024 })
  const { ledger, now } = desk.parts
  const file = { alt: '', sha256: ledger.keep(video.bytes, type), size: video.bytes.length, type, captions: [] }
  video.file = file
  video.finishedAt = now()
  const birth = { platform: 'facebook', account: video.account, id: video.id, url: addressOf(desk, video), replyTo: null }
  const link = /https?:\/\/\S+/.exec(description)?.[0] ?? null
  const content = { text: description, language: null, link, images: [], video: file, ...(title && { title }) }
  video.entry = ledger.add(birth, content, desk.now())
}

export const changeVideo = (desk: FacebookDesk, { id, entry }: Video, ask: GraphAsk): Answer => {
  if (!entry) throw noObject('post', id)
  desk.parts.ledger.revise(entry, { ...entry.revisions.at(-1)!, text: text(ask, 'description') }, desk.now())
  return { status: 200, body: { success: true } }
}

export const showVideo = (desk: FacebookDesk, video: Video, ask: GraphAsk): Answer => ({
  status: 200,
  body: chosen(ask, videoJson(desk, video), ['updated_time', 'id']),
})

/** Facebook gives it without its host; here it has one, so that the links of a rehearsal stay on this machine. */
const addressOf = (desk: FacebookDesk, { id, reel, page }: Video): string =>
  `${homeOf(desk)}${reel ? `/reel/${id}` : `/${page}/videos/${id}`}`

const videoJson = (desk: FacebookDesk, video: Video): Record<string, unknown> => ({
  id: video.id,
  created_time: graphTime(video.at),
  updated_time: graphTime(video.at),
  permalink_url: addressOf(desk, video),
  published: video.entry !== null,
  status: statusOf(desk, video),
  description: video.entry?.revisions.at(-1)?.text,
  views: 0,
  likes: summaryOf(0),
  comments: summaryOf(commentsOn(desk, video.id).length),
})

const statusOf = ({ parts, settings }: FacebookDesk, { entry, finishedAt, bytes, size, reel }: Video): object => {
  const since = (ms: number): boolean => entry !== null && finishedAt + ms <= parts.now()
  const ready = since(settings.processingMs)
  const shown = ready && since(settings.publishingMs)
  const all = size !== null && bytes.length === size
  const phase = (done: boolean, begun: boolean) => ({ status: done ? 'complete' : begun ? 'in_progress' : 'not_started' })
  const video_status = ready ? 'ready' : entry ? 'processing' : all ? 'upload_complete' : 'uploading'
  if (!reel) return { video_status }
  return {
    video_status,
    uploading_phase: { ...phase(all, bytes.length > 0), bytes_transfered: bytes.length },
    processing_phase: phase(ready, entry !== null),
    publishing_phase: { ...phase(shown, since(settings.publishingMs)), ...(shown && { publish_status: 'published' }) },
  }
}
