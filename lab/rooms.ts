// Every platform that the lab plays, one line each.
import { type BlueskySettings, openBluesky } from './bluesky.ts'
import { openEmail } from './email.ts'
import { type FacebookSettings, openFacebook } from './facebook.ts'
import { type InstagramSettings, openInstagram } from './instagram.ts'
import { type MastodonSettings, openMastodon } from './mastodon.ts'
import type { Parts, Room } from './room.ts'
import { openTelegram, type TelegramSettings } from './telegram.ts'
import { openThreads, type ThreadsSettings } from './threads.ts'
import { openTiktok, type TiktokSettings } from './tiktok.ts'
import { openWhatsapp, type WhatsappSettings } from './whatsapp.ts'
import { openX, type XSettings } from './x.ts'
import { openYoutube, type YoutubeSettings } from './youtube.ts'

/** Other limits than the platforms' own, for tests. */
export interface LabSettings {
  readonly bluesky?: Partial<BlueskySettings>
  readonly facebook?: Partial<FacebookSettings>
  readonly instagram?: Partial<InstagramSettings>
  readonly mastodon?: Partial<MastodonSettings>
  readonly telegram?: Partial<TelegramSettings>
  readonly threads?: Partial<ThreadsSettings>
  readonly tiktok?: Partial<TiktokSettings>
  readonly whatsapp?: Partial<WhatsappSettings>
  readonly x?: Partial<XSettings>
  readonly youtube?: Partial<YoutubeSettings>
}

export const openRooms = (parts: Parts, settings: LabSettings = {}): readonly Room[] => [
  openBluesky(parts, settings.bluesky), //
  openEmail(parts),
  openFacebook(parts, settings.facebook),
  openInstagram(parts, settings.instagram),
  openMastodon(parts, settings.mastodon),
  openTelegram(parts, settings.telegram),
  openThreads(parts, settings.threads),
  openTiktok(parts, settings.tiktok),
  openWhatsapp(parts, settings.whatsapp),
  openX(parts, settings.x),
  openYoutube(parts, settings.youtube),
]
