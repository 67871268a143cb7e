// A line to the mail server, over which letters go one after the other: what both ways of reaching one have in common.
import type { Ended } from './replies.ts'

export interface Envelope {
  readonly from: string
  readonly to: string
}

export interface Line {
  /**
   * Hands over one letter. Once its bytes have begun to leave it goes on to its end.
   *
   * @throws ChannelError, NotYetError, RejectedError or UnreachableError where it has surely not left, and not for the recipient's sake
   */
  send(envelope: Envelope, letter: Buffer): Promise<Ended>
  close(): void
}
