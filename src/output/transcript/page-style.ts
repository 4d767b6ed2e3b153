/** The style sheet of an exported chat: for phones and screens, light and dark, and paper. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --ink: #1d2330; --faint: #667085; --line: #e3e6ec; --yours: #eef2ff; --code: #f5f6f8; --link: #4338ca;
  --keyword: #a626a4; --string: #2f7d32; --number: #0b7285; --removed: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14161b; --ink: #e4e7ee; --faint: #98a1b3; --line: #2b303b; --yours: #23263a; --code: #1c2028; --link: #a5b4fc;
    --keyword: #d8a0ff; --string: #8fd19e; --number: #7fd3e6; --removed: #ff9b94;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 46rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere;
  -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
}
a { color: var(--link); }
body > header { padding-bottom: 1.25rem; border-bottom: 1px solid var(--line); }
h1 { margin: 0 0 .25rem; font-size: 1.6rem; line-height: 1.25; }
body > header p { margin: 0; color: var(--faint); font-size: .9rem; }
article { margin-top: 2rem; }
article > header { display: flex; flex-wrap: wrap; gap: 0 .6rem; align-items: baseline; margin-bottom: .35rem; }
article > header h2 { margin: 0; font-size: .95rem; }
article > header time, article > header small { color: var(--faint); font-size: .8rem; }
.yours { margin-left: min(4rem, 10%); padding: .85rem 1.1rem; border-radius: 1rem; background: var(--yours); }
.text > :first-child { margin-top: 0; }
.text > :last-child { margin-bottom: 0; }
.text h3, .text h4, .text h5, .text h6 { margin: 1.4em 0 .5em; line-height: 1.3; font-size: 1.05rem; }
.text h3 { font-size: 1.25rem; }
.text h4 { font-size: 1.15rem; }
.text p, .text ul, .text ol, .text pre, .text blockquote, .table { margin: .8em 0; }
.text li > p, .text li > ul, .text li > ol { margin: .25em 0; }
.text ul, .text ol { padding-left: 1.6em; }
@counter-style bracket { system: extends decimal; suffix: ") "; }
.bracket > ol { list-style: bracket; }
ul.plus { list-style: "+ "; }
blockquote { margin-inline: 0; padding-left: 1em; border-left: 3px solid var(--line); color: var(--faint); }
hr { border: 0; border-top: 1px solid var(--line); margin: 1.5em 0; }
code { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; padding: .12em .35em; border-radius: .35em; background: var(--code); }
.yours code { background: var(--ground); }
pre { padding: .85rem 1rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--code); overflow-x: auto; overflow-wrap: normal; }
.yours pre { background: var(--ground); }
pre code, .yours pre code { padding: 0; background: none; }
pre[data-language]::before { content: attr(data-language); display: block; margin-bottom: .4rem; color: var(--faint); font: .75rem/1 system-ui, sans-serif; }
pre .dim { color: var(--faint); }
pre .magenta { color: var(--keyword); }
pre .green { color: var(--string); }
pre .cyan { color: var(--number); }
pre .red { color: var(--removed); }
.plain { white-space: pre-wrap; }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-size: .95em; overflow-wrap: normal; }
th, td { padding: .4em .75em; border: 1px solid var(--line); text-align: left; vertical-align: top; }
th { background: var(--code); }
.right { text-align: right; }
.center { text-align: center; }
.files { margin: .8rem 0 0; padding: 0; list-style: none; font-size: .9rem; }
.files li { margin-top: .25rem; }
.files li::before { content: "📎 "; }
.files li.image::before { content: none; }
.sources { margin: .8rem 0 0; padding-left: 1.6em; color: var(--faint); font-size: .85rem; }
.text img, .files img { max-width: 100%; height: auto; border-radius: .6rem; }
ul.index { padding-left: 1.2em; }
.index li { margin: .4em 0; }
.index small { display: inline-block; color: var(--faint); }
time { white-space: nowrap; }
.break { display: flex; align-items: center; gap: 1rem; margin: 2.5rem 0; color: var(--faint); font-size: .85rem; }
.break::before, .break::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
@media print {
  body { max-width: none; padding: 0; }
  article > header { break-after: avoid; }
  pre { white-space: pre-wrap; }
}
`;
