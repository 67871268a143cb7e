// One bot at the Bot API: calls whose refusals already have their class. https://core.telegram.org/bots/api#making-requests
import { z } from 'zod'
import type { Tools } from '../../src/connector/connector.ts'
import { ChannelError, NotYetError, RejectedError, UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { type Answer, type CallKind, type FormData, type HttpRequest, retryAfterMs, send } from '../../src/connector/http.ts'
import type { TelegramSettings } from './settings.ts'

/** One call of a method: `sendMessage`. */
interface TelegramCall {
  readonly method: string
  readonly params: object | FormData
  readonly kind: CallKind
  readonly signal: AbortSignal
}

export interface TelegramClient {
  readonly settings: TelegramSettings
  readonly tools: Tools
  /** The result, in this shape. @throws every class of error */
  call<T>(call: TelegramCall, result: z.ZodType<T>): Promise<T>
  /** Changes or deletes; a refusal (400) that says `fine`, in any case of letters, is as good as done. @throws every class of error */
  change(call: Omit<TelegramCall, 'kind'>, fine: string): Promise<void>
}

export const openClient = (settings: TelegramSettings, tools: Tools): TelegramClient => {
  const asked = async (call: TelegramCall, fine?: string): Promise<Answer | undefined> => {
    const answer = await send(requestOf(settings, call))
    if (answer.status >= 200 && answer.status < 300) return answer
    const said = saidBy(answer)
    if (fine && answer.status === 400 && said?.description.toLowerCase().includes(fine)) return undefined
    throw refusal(answer, said, call.kind)
  }
  return {
    settings,
    tools,
    call: async (call, result) => (await asked(call))!.as(z.object({ ok: z.literal(true), result })).result,
    change: async (call, fine) => void (await asked({ ...call, kind: 'write' }, fine))?.as(z.object({ ok: z.literal(true) })),
  }
}

const requestOf = ({ base, token }: TelegramSettings, { method, kind, params, signal }: TelegramCall): HttpRequest => {
  const request = { method: 'POST', kind, signal, url: `${base}/bot${token.reveal()}/${method}`, secrets: [token] }
  if (isForm(params)) return { ...request, body: params }
  return { ...request, headers: { 'content-type': 'application/json' }, body: JSON.stringify(params) }
}

const isForm = (params: object): params is FormData => Symbol.toStringTag in params

const problem = z.object({
  ok: z.literal(false),
  description: z.string(),
  parameters: z.object({ retry_after: z.number().optional() }).optional(),
})
type Problem = z.infer<typeof problem>

/** Undefined when something in between answered in Telegram's place. */
const saidBy = (answer: Answer): Problem | undefined => {
  try {
    return problem.parse(JSON.parse(answer.text))
  } catch {
    return undefined
  }
}

/** Refusals with 400 that speak of the channel or of the bot's rights there. */
const ofTheChannel =
  /chat not found|administrator rights|not enough rights|no rights|CHAT_(?:ADMIN_REQUIRED|WRITE_FORBIDDEN|RESTRICTED)|upgraded/i

const refusal = (answer: Answer, said: Problem | undefined, kind: CallKind): Error => {
  const { status, headers } = answer
  const words = `Telegram antwortet ${status}: ${answer.quote(said?.description)}`
  if (status === 429) return new NotYetError(words, waitMs(said, headers))
  if (status >= 500 || status === 408) return kind === 'write' ? new UnclearError(words) : new UnreachableError(words)
  if (said === undefined) return new UnreachableError(words)
  // A token that is none, or that was withdrawn, is answered with 404 or 401.
  if (status === 401 || status === 404) return new ChannelError(`${words}. Bitte bei @BotFather ein neues Token holen und eintragen.`)
  if (status === 403 || ofTheChannel.test(said.description))
    return new ChannelError(`${words}. Bitte den Bot im Kanal als Administrator mit dem Recht eintragen, Beiträge zu senden.`)
  return new RejectedError(words)
}

/** https://core.telegram.org/bots/api#responseparameters: seconds. */
const waitMs = (said: Problem | undefined, headers: Headers): number => {
  const seconds = said?.parameters?.retry_after
  return seconds === undefined ? retryAfterMs(headers, Date.now()) : Math.max(seconds, 1) * 1000
}
