// How the wall looks: one sheet, no script, nothing fetched from elsewhere.

export const style = `
:root { color-scheme: light dark; --page: #eef1f5; --ink: #16202c; --soft: #51606f; --line: #d5dce4; --accent: #0a4b8f; --bar: #fff }
@media (prefers-color-scheme: dark) { :root { --page: #0e1319; --ink: #e8edf3; --soft: #a3b1bf; --line: #2b3644; --accent: #8ec1ff; --bar: #151c25 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
a { color: var(--accent) }
:focus-visible { outline: 3px solid #ffb400; outline-offset: 2px; border-radius: 4px }
.bar { background: var(--bar); border-bottom: 1px solid var(--line) }
.bar > div, main { max-width: 76rem; margin: 0 auto; padding: 1rem 1.25rem }
.bar h1 { margin: 0; font-size: 1.45rem; letter-spacing: -.01em }
.bar h1 a { color: inherit; text-decoration: none }
.bar p { margin: .15rem 0 .6rem; color: var(--soft) }
nav { display: flex; flex-wrap: wrap; gap: .4rem }
nav a { padding: .25rem .75rem; border: 1px solid var(--line); border-radius: 99px; text-decoration: none; font-size: .9rem }
nav a[aria-current] { background: var(--accent); border-color: var(--accent); color: var(--bar); font-weight: 600 }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.5rem; align-items: start }
.single { max-width: 40rem; margin: 0 auto }
.faults { margin: 0 0 1rem; padding: .7rem 1rem; border: 1px solid #d99a00; border-left-width: 6px; border-radius: 8px; background: #fff6df; color: #4a3500 }
.faults ul { margin: .2rem 0 0; padding-left: 1.2rem }
.chips { margin-bottom: 1rem }
.more { text-align: center }

.wall { --card: #fff; --card-ink: #0b0f14; --card-soft: #536471; --card-line: #dfe5ea; --link: #0f6ecd; --round: 50%;
  border: 1px solid var(--card-line); border-radius: 14px; overflow: hidden; background: var(--card); color: var(--card-ink) }
.wall.mastodon { --card: #1b1e28; --card-ink: #f2f3f8; --card-soft: #a9aec4; --card-line: #333847; --link: #a5a6ff; --round: 8px }
.wall > h2 { margin: 0; padding: .8rem 1rem; font-size: 1.05rem; display: flex; gap: .6rem; align-items: center; border-bottom: 1px solid var(--card-line) }
.wall > h2 a { color: inherit; text-decoration: none }
.wall > h2 .dot { width: .8rem; height: .8rem; border-radius: 50% }
.wall > h2 .count { margin-left: auto; font-weight: 400; font-size: .85rem; color: var(--card-soft) }
.empty { padding: 2.5rem 1rem; text-align: center; color: var(--card-soft) }
.thread + .thread { border-top: 1px solid var(--card-line) }
.thread .thread { border-top: 0; margin-left: 2.35rem; border-left: 2px solid var(--card-line) }
.post { display: grid; grid-template-columns: 46px 1fr; gap: .75rem; padding: .9rem 1rem }
.avatar { border-radius: var(--round); display: block }
.body { min-width: 0 }
.post header { display: flex; flex-wrap: wrap; column-gap: .45rem; align-items: baseline; line-height: 1.35 }
.name { font-weight: 700 }
.handle, .when { color: var(--card-soft); font-size: .88rem; overflow-wrap: anywhere }
.when { text-decoration: none }
.when:hover { text-decoration: underline }
.text { white-space: pre-wrap; overflow-wrap: anywhere; margin: .25rem 0 .35rem }
.text a { color: var(--link); text-decoration: none }
.text a:hover { text-decoration: underline }
.badge { display: inline-block; margin: .2rem .35rem .1rem 0; padding: .05rem .55rem; border-radius: 99px; border: 1px solid var(--card-line); font-size: .78rem; color: var(--card-soft) }
.badge.gone { border-color: #c4314b; color: #c4314b; font-weight: 600 }
.mastodon .badge.gone { border-color: #ff8a9b; color: #ff8a9b }
.badge.edited { border-color: #b37400; color: #8a5900; font-weight: 600 }
.mastodon .badge.edited { border-color: #e0b050; color: #f1c870 }
.deleted .text, .deleted .link-card .title { text-decoration: line-through }
.deleted .avatar, .deleted .images, .deleted .link-card, .deleted .text { opacity: .6; filter: grayscale(1) }
.images { display: grid; gap: 4px; margin: .5rem 0; border-radius: 12px; overflow: hidden; border: 1px solid var(--card-line) }
.images.n2, .images.n3, .images.n4 { grid-template-columns: 1fr 1fr }
.images.n3 figure:first-child { grid-column: span 2 }
.images.n2 img, .images.n3 img, .images.n4 img { aspect-ratio: 4 / 3; flex: none }
.images.n3 figure:first-child img { aspect-ratio: 2 / 1 }
.images figure { margin: 0; display: flex; flex-direction: column; background: rgb(127 127 127 / .08) }
.images img { width: 100%; max-height: 26rem; object-fit: cover; display: block; flex: 1; min-height: 0 }
.video { margin: .5rem 0; border-radius: 12px; overflow: hidden; border: 1px solid var(--card-line) }
.video video { width: 100%; max-height: 26rem; display: block; background: #000 }
figcaption { padding: .35rem .6rem; font-size: .82rem; color: var(--card-soft) }
figcaption b { padding: 0 .3rem; margin-right: .2rem; border-radius: 4px; background: var(--card-ink); color: var(--card); font-size: .7rem; letter-spacing: .04em }
figcaption.missing { color: #c4314b }
.link-card { display: block; margin: .5rem 0; border: 1px solid var(--card-line); border-radius: 12px; overflow: hidden; color: inherit; text-decoration: none }
.link-card:hover { background: rgb(127 127 127 / .08) }
.link-card img { width: 100%; max-height: 16rem; object-fit: cover; display: block; border-bottom: 1px solid var(--card-line) }
.about { display: block; padding: .6rem .8rem }
.about span { display: block }
.title { font-weight: 650; margin: .25rem 0 0 }
.description { font-size: .9rem; color: var(--card-soft); display: -webkit-box !important; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden }
.host { margin-top: .3rem; font-size: .82rem; color: var(--card-soft) }
.notice > summary { margin: .4rem 0; padding: .4rem .7rem; border-radius: 8px; background: rgb(127 127 127 / .16); cursor: pointer }
.history { margin: .3rem 0; font-size: .88rem; color: var(--card-soft) }
.history summary { cursor: pointer }
.history ol { margin: .4rem 0 0; padding-left: 1.2rem }
.history li + li { margin-top: .4rem }
.history .text { color: var(--card-ink) }
.post footer { display: flex; flex-wrap: wrap; gap: 1rem; margin-top: .3rem; font-size: .82rem; color: var(--card-soft) }
.quiet { margin: 1.5rem 0 0; color: var(--soft) }
.foot { padding: 1rem 0 2rem; font-size: .85rem; color: var(--soft) }
@media (max-width: 30rem) { .thread .thread { margin-left: .8rem } .post { padding: .8rem; gap: .6rem } }
`
