// The verb that links an account with a phone: shows the QR code in the terminal, or the code to type, until it is done.
import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import { toString as qrCode } from 'qrcode'
import type { LinkState } from '../commands/link-channel.ts'
import type { Shell } from './shell.ts'
import type { ExitCode } from './surroundings.ts'

interface LinkOptions {
  readonly phone?: string
  readonly json?: true
}

/** Between two looks, in milliseconds. */
const restMs = 1000

/** Adds `link` to the verbs of channels. */
export const addLinking = (channels: Command, shell: Shell): void => {
  channels
    .command('link')
    .description('Verknüpft ein Konto, das nur mit einem Telefon zu verknüpfen ist (WhatsApp).')
    .argument('<city>', 'Schlüssel der Stadt')
    .argument('<channel>', 'Name des Kanals')
    .option('--phone <number>', 'Rufnummer mit Landesvorwahl: mit einem Code zum Eintippen statt mit einem QR-Code')
    .option('--json', 'als JSON ausgeben, wie es endet')
    .addHelpText('after', '\nBeispiel:\n  rundruf channels link augsburg whatsapp-augsburg\n')
    .action(shell.verb((city, channel, options) => link(shell, { city, channel, ...options })))
}

const link = async (shell: Shell, { city, channel, phone, json }: LinkOptions & { city: string; channel: string }): Promise<ExitCode> => {
  const api = await shell.api()
  const path = `/channels/${encodeURIComponent(city)}/${encodeURIComponent(channel)}/link`
  let state = await api.post<LinkState>(path, phone === undefined ? {} : { phone })
  let shown = ''
  while (state.state === 'waiting') {
    const words = state.code ?? state.qr ?? ''
    if (words !== shown) shell.tell(await offer(state))
    shown = words
    await pause(restMs)
    state = await api.get<LinkState>(path)
  }
  if (json) shell.json(state)
  else if (state.state === 'linked')
    shell.say(`Das Konto ist verknüpft. War der Kanal deshalb gesperrt, öffnet ihn: rundruf channels resume ${city} ${channel}`)
  else shell.tell(state.problem ?? 'Das Verknüpfen ist gescheitert.')
  return state.state === 'linked' ? 0 : 1
}

/** What to do on the phone, and what it has to see. */
const offer = async ({ qr, code }: LinkState): Promise<string> => {
  const steps = 'Auf dem Telefon: WhatsApp, Einstellungen, Verknüpfte Geräte, Gerät hinzufügen.'
  if (code !== null)
    return `${steps}\nDann „Stattdessen mit Telefonnummer verknüpfen“ und diesen Code eingeben: ${code.slice(0, 4)}-${code.slice(4)}`
  return `${steps}\nDann diesen Code scannen; er erneuert sich, bis es getan ist:\n${await qrCode(qr ?? '', { type: 'terminal', small: true })}`
}
