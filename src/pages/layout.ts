// The frame of every page: what stands in the head, the way past the header, the three landmarks.
import { type Html, html, type Part } from './html.ts'

export interface Frame {
  /** BCP 47. */
  readonly language: string
  readonly title: string
  readonly description: string
  /** Addresses of style sheets, in their order. */
  readonly styles: readonly string[]
  readonly icon: string
  /** More for the head: feeds, the canonical address. */
  readonly head?: Part
  readonly header: Part
  readonly main: Part
  readonly footer: Part
}

/** A whole page, doctype to end. It carries no script and no inline style, so that a strict content security policy fits. */
export const layout = ({ language, title, description, styles, icon, head, header, main, footer }: Frame): Html => html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<meta name="description" content="${description}">
<link rel="icon" href="${icon}" type="image/svg+xml">
${styles.map((style) => html`<link rel="stylesheet" href="${style}">\n`)}${head}</head>
<body>
<a class="skip" href="#inhalt">Zum Inhalt springen</a>
<header class="head">${header}</header>
<main id="inhalt" class="main" tabindex="-1">
${main}
</main>
<footer class="foot">${footer}</footer>
</body>
</html>
`
