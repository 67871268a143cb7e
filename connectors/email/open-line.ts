// Which way a mail server is reached: the lab over HTTP, every other over SMTP.
import { openHttpLine } from './http-line.ts'
import type { Line } from './line.ts'
import type { EmailSettings } from './settings.ts'
import { openSmtpLine } from './smtp-line.ts'

/** Opens a line and signs in. @throws ChannelError, NotYetError or UnreachableError */
export const openLine = (settings: EmailSettings, signal: AbortSignal): Promise<Line> =>
  settings.base.startsWith('http:') ? openHttpLine(settings, signal) : openSmtpLine(settings)
