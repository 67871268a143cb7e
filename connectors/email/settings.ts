// What a city file says of its newsletter: the mail server, the account there, and who the letters are from.
import { isIP } from 'node:net'
import { z } from 'zod'
import { type Secret, secret } from '../../src/connector/secret.ts'

interface Mailbox {
  /** `Bundesstadt Bonn`; empty: none. */
  readonly name: string
  readonly address: string
}

export interface Login {
  readonly user: string
  readonly password: Secret
}

export interface EmailSettings {
  /** `smtps://mail.bonn.de:465` (TLS from the first byte), `smtp://mail.bonn.de:587` (STARTTLS), or the lab's `http://127.0.0.1:8081/email`. */
  readonly base: string
  /** Absent: the server asks for no sign-in, as relays inside an administration do for the machines that they know. */
  readonly login?: Login
  readonly from: Mailbox
  readonly replyTo: string | undefined
  /** The most letters a minute that the server takes from this account. */
  readonly perMinute: number
}

const mailbox = /^(?:([^<>"\r\n]*?)\s*<)?([^\s<>@,;]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+)>?$/i
const from = z
  .string()
  .regex(mailbox, { error: 'from: "Bundesstadt Bonn <newsletter@bonn.example>"' })
  .transform((text): Mailbox => {
    const [, name = '', address = ''] = mailbox.exec(text) ?? []
    return { name: name.trim(), address: address.toLowerCase() }
  })

/** Whether the server is on this machine: nobody stands between, so that a certificate would prove nothing. */
export const isLoopback = (base: string): boolean => {
  const { hostname } = new URL(base)
  return hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'))
}

const base = z.url({ protocol: /^(smtps?|http)$/ }).refine((url) => !url.startsWith('http:') || isLoopback(url), {
  error: 'base: smtps://… oder smtp://…; http:// gibt es nur auf der Probebühne',
})

export const emailSettings: z.ZodType<EmailSettings> = z
  .strictObject({
    base,
    user: z.string().min(1).optional(),
    password: secret().optional(),
    from,
    replyTo: z.email().optional(),
    // Microsoft 365 takes 30 a minute, a city's own server takes more:
    // https://learn.microsoft.com/en-us/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits
    perMinute: z.int().min(1).max(60_000).default(600),
  })
  .refine(({ user, password }) => user === undefined || password !== undefined, {
    path: ['password'],
    error: 'zu user gehört password: beide angeben, oder keines für einen Server, der keine Anmeldung verlangt',
  })
  .transform(({ user, password, replyTo, ...rest }) => ({
    ...rest,
    replyTo,
    // most accounts are called like the address that they send from
    ...(password && { login: { user: user ?? rest.from.address, password } }),
  }))
