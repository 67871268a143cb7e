// The operators' own pages: signing in and out, and the word that there is nothing to see.
import { type Html, html } from '../pages/html.ts'

/** The form that takes an operator's key; `fault` says what was wrong with the last try. */
export const loginPage = (fault?: string): string =>
  page(
    'Anmelden im Betrieb',
    html`
      <h1 class="kern-heading-large">Anmelden im Betrieb</h1>
      <p class="kern-body">Hier sehen Sie die Warteschlangen von Rundruf. Sie brauchen einen Schlüssel mit der Rolle „operator“ oder „admin“.</p>
      ${fault === undefined ? null : alert(fault)}
      <form method="post" action="/ops/login" class="ops-form">
        <div class="kern-form-input">
          <label class="kern-label" for="key">Schlüssel</label>
          <div class="kern-hint" id="hint">Er beginnt mit rr_ und bleibt auf diesem Server.</div>
          <input class="kern-form-input__input" id="key" name="key" type="password" required autocomplete="current-password"
            spellcheck="false" aria-describedby="hint" autofocus>
        </div>
        <button class="kern-btn kern-btn--primary" type="submit"><span class="kern-label">Anmelden</span></button>
      </form>`,
  )

/** For who is signed in already: on to the queues, or out. */
export const signedInPage = (name: string): string =>
  page(
    'Angemeldet im Betrieb',
    html`
      <h1 class="kern-heading-large">Angemeldet im Betrieb</h1>
      <p class="kern-body">Sie sind angemeldet als ${name}. Nach 30 Minuten ohne Klick endet die Anmeldung von selbst.</p>
      <p class="kern-body"><a class="kern-link" href="/ops/queues">Zu den Warteschlangen</a></p>
      <p class="kern-body"><a class="kern-link" href="/ops/link">Konten verknüpfen</a></p>
      <form method="post" action="/ops/logout" class="ops-form">
        <button class="kern-btn kern-btn--secondary" type="submit"><span class="kern-label">Abmelden</span></button>
      </form>`,
  )

export const noQueuesPage = (): string =>
  page(
    'Keine Warteschlangen',
    html`
      <h1 class="kern-heading-large">Keine Warteschlangen</h1>
      <p class="kern-body">Dieser Teil von Rundruf arbeitet ohne Warteschlangen. Wie die Zustellungen stehen, zeigt <code>/metrics</code>.</p>`,
  )

export const alert = (words: string, kind: 'danger' | 'success' = 'danger'): Html => html`
  <div class="kern-alert kern-alert--${kind}" role="${kind === 'danger' ? 'alert' : 'status'}">
    <div class="kern-alert__header">
      <span class="kern-icon kern-icon--${kind}" aria-hidden="true"></span>
      <span class="kern-title">${words}</span>
    </div>
  </div>`

/** A page of the operators around its own part. */
export const page = (title: string, body: Html): string =>
  String(html`<!DOCTYPE html>
<html lang="de">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <title>${title} – Rundruf</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/ops/kern/kern.min.css">
  <link rel="stylesheet" href="/ops/ops.css">
</head>
<body>
  <header class="ops-header"><span class="kern-title">Rundruf</span> <span class="kern-body">Betrieb</span></header>
  <main class="ops-main">${body}
  </main>
</body>
</html>
`)

/** Our few lines beside KERN: its files stay as they are. */
export const ownStyles = `body { margin: 0; background: var(--kern-color-layout-background-default, #fff); }
.ops-header { display: flex; gap: 0.75rem; align-items: baseline; padding: 1rem 1.5rem; border-bottom: 1px solid var(--kern-color-layout-border, #b8bfcc); }
.ops-main { max-width: 34rem; margin: 0 auto; padding: 3rem 1.5rem; }
.ops-form { display: flex; flex-direction: column; gap: 1.5rem; align-items: flex-start; margin-top: 2rem; }
.ops-form .kern-form-input { width: 100%; }
.kern-alert { margin: 1.5rem 0; }
.ops-qr { max-width: 20rem; margin: 1.5rem 0; background: #fff; border: 1px solid var(--kern-color-layout-border, #b8bfcc); }
.ops-qr svg { display: block; width: 100%; height: auto; }
.ops-code { margin: 1.5rem 0; font: 700 2.5rem/1.2 ui-monospace, monospace; letter-spacing: 0.1em; }
.ops-list, .ops-steps { padding-left: 1.5rem; list-style: disc; }
.ops-steps { list-style: decimal; }
.ops-list li, .ops-steps li { display: list-item; }
.ops-main code { padding: 0.1rem 0.3rem; background: var(--kern-color-layout-background-hued, #f0f1f5); font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
`
