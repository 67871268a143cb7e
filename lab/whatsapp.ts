// WhatsApp's stand-in: a page that whatsapp-web.js takes for web.whatsapp.com, and behind it channels, linked devices and their phones.
// There is no documentation to write it from: it is what version 1.34.7 of the library touches, and what WhatsApp's help pages promise.
import { type Answer, type Ask, type Operation, type Parts, Refusal, type Room } from './room.ts'
import { no, whatsappAnswers, yes } from './whatsapp/answers.ts'
import { openDevices, type PhoneAct } from './whatsapp/devices.ts'
import { openNewsletters, type Sent, type WhatsappLimits, whatsappLimits } from './whatsapp/newsletters.ts'
import { page, script } from './whatsapp/page.ts'

export interface WhatsappSettings extends WhatsappLimits {
  /** `scans`: a device that calls itself `Rundruf (<account>)` is linked at once. `waits`: until somebody does it at `POST /whatsapp/phone`. */
  readonly phone: 'scans' | 'waits'
}

interface Step {
  readonly operation: Operation
  act(): Answer
}

/** Opens the room. */
export const openWhatsapp = (parts: Parts, wanted: Partial<WhatsappSettings> = {}): Room => {
  const settings = { ...whatsappLimits, phone: 'scans', ...wanted } as const
  const desk = { parts, devices: openDevices(settings.phone === 'scans'), newsletters: openNewsletters(parts, settings) }
  return {
    platform: 'whatsapp',
    answers: whatsappAnswers,
    call(ask) {
      const step = sessionStep(desk, ask) ?? channelStep(desk, ask)
      return step && { ...step, account: desk.devices.accountIfAny(deviceOf(ask)) }
    },
    clear: () => desk.newsletters.clear(),
  }
}

interface Desk {
  readonly parts: Parts
  readonly devices: ReturnType<typeof openDevices>
  readonly newsletters: ReturnType<typeof openNewsletters>
}

const deviceOf = (ask: Ask): string => ask.query.get('device') ?? ''

const jsonOf = <T>({ body }: Ask): T => {
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new Refusal(no(400))
  }
}

/** The page itself, its linking, and the phone in a person's hand. */
const sessionStep = ({ parts, devices }: Desk, ask: Ask): Step | undefined => {
  const device = deviceOf(ask)
  const session = (act: Step['act']): Step => ({ operation: 'session', act })
  switch (`${ask.method} ${ask.path}`) {
    case 'GET /':
    case 'HEAD /':
      return session(() => page(`${parts.url()}/whatsapp`))
    case 'POST /session':
      return session(() => yes(devices.connect(device, jsonOf<{ name: string }>(ask).name)))
    case 'GET /session':
      return session(() => yes(devices.look(device)))
    case 'POST /session/code':
      return session(() => yes({ code: devices.pairingCode(device) }))
    case 'POST /session/logout':
      return session(() => {
        devices.logOut(device)
        return yes({})
      })
    case 'POST /phone':
      return session(() => {
        const { account, ...act } = jsonOf<{ account: string } & PhoneAct>(ask)
        return yes(devices.phone(account, act))
      })
    default:
      return scriptStep(ask)
  }
}

const scriptStep = ({ method, path }: Ask): Step | undefined => {
  const found = method === 'GET' ? script(/^\/web\/([a-z]+\.js)$/.exec(path)?.[1] ?? '') : undefined
  return found && { operation: 'session', act: () => found }
}

/** Everything that only a linked device may do. */
const channelStep = ({ devices, newsletters }: Desk, ask: Ask): Step | undefined => {
  const [, kind, id = '', part, ...rest] = ask.path.split('/')
  const linked = (operation: Operation, act: (account: string) => Answer): Step => ({
    operation,
    act: () => act(devices.accountOf(deviceOf(ask))),
  })
  if (rest.length > 0) return undefined
  switch (`${ask.method} ${kind}${id === '' ? '' : '/:id'}${part === undefined ? '' : `/${part}`}`) {
    case 'GET newsletters':
      return linked('session', (account) => newsletters.ownOf(account))
    case 'GET newsletters/:id':
      return linked('read', (account) => newsletters.show(account, id))
    case 'GET newsletters/:id/messages':
      return linked('read', (account) => newsletters.messages(account, id))
    case 'POST newsletters/:id/messages':
      return linked('publish', (account) => newsletters.post(account, id, jsonOf<Sent>(ask)))
    case 'GET invites/:id':
      return linked('read', (account) => newsletters.byInvite(account, id))
    case 'POST media':
      return linked('media', () => newsletters.upload(ask.body, ask.query.get('type') ?? ''))
    default:
      return undefined
  }
}
