// Channels, messages and albums of Telegram, as the lab keeps them.
import type { LedgerImage, LedgerVideo, Page } from '../ledger.ts'

export interface Chat {
  readonly id: number
  /** Without @; null: a private channel. */
  readonly username: string | null
  readonly messages: Map<number, Message>
  last: number
}

/** An attachment; `id` is its file_id there. */
export type Attachment = { readonly id: string; readonly width: number; readonly height: number } & (
  | { readonly kind: 'photo'; readonly file: LedgerImage }
  | { readonly kind: 'video'; readonly file: LedgerVideo }
)

export interface Message {
  readonly id: number
  readonly chat: Chat
  /** Milliseconds since 1970. */
  readonly sentAt: number
  editedAt: number | null
  readonly replyTo: Message | null
  /** The text, or the caption below an attachment. */
  text: string
  attachment: Attachment | null
  /** The picture of a link preview. */
  preview: LedgerImage | null
  readonly group: Group
}

/** What readers see as one post: a message, or all of an album. */
export interface Group {
  /** null: a single message. */
  readonly id: string | null
  readonly messages: Message[]
  page: Page | null
}
