import {escapeHtml} from './escape-html.js';
import type {ClientStatus, ServerStatus} from '../server-status.js';

/** How often the page loads itself again, in seconds. */
const refreshS = 10;

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { background: Canvas; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; }
h1 { font-size: 1.3rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.3rem 0.8rem 0.3rem 0; text-align: left; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
`;

/** The page with the status of a server. @param nonce allows its style, and nothing else */
export function statusPage({url, via, startedTime, requests, points, clients}: ServerStatus, nonce: string): string {
  const backend = via === 'api' ? 'Poe’s API with a key' : 'poe.com with a browser session (unofficial)';
  return page(
    nonce,
    `<h1>poe serve</h1>
<p>${escapeHtml(url)} · ${backend}<br>Running since ${escapeHtml(localTime(startedTime))}</p>
<p>${count(requests.active, 'request')} being answered, ${count(requests.total, 'request')} since the start.
Points spent today: ${number(points.today)}</p>
<div class="scroll"><table>
<tr><th>Client</th><th class="number">Active</th><th class="number">Requests</th><th class="number">Points today</th><th class="number">Budget</th><th>Last request</th></tr>
${clients.map(row).join('\n') || '<tr><td colspan="6">No program has a token yet.</td></tr>'}
</table></div>`,
    `<meta http-equiv="refresh" content="${refreshS}">`,
  );
}

/** The page for those who do not have the key. */
export const lockedPage = (nonce: string): string =>
  page(
    nonce,
    `<h1>poe serve</h1>
<p>The server is running. To see its clients and points, open the page that this command prints:</p>
<pre>poe serve status</pre>`,
  );

/** Nothing can be loaded, run, framed or sent from the page. */
export const contentSecurityPolicy = (nonce: string): string =>
  `default-src 'none'; style-src 'nonce-${nonce}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

const page = (nonce: string, body: string, head = ''): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
${head}
<title>poe serve</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
${body}
</body>
</html>
`;

function row({name, requests, points, budget, lastTime}: ClientStatus): string {
  const numbers = [requests.active, requests.total, points.today].map(
    (value) => `<td class="number">${number(value)}</td>`,
  );
  const limit = budget ? `${number(budget.limit)} a ${budget.period}` : 'none';
  const last = lastTime === null ? '' : escapeHtml(localTime(lastTime));
  return `<tr><td>${escapeHtml(name)}</td>${numbers.join('')}<td class="number">${limit}</td><td>${last}</td></tr>`;
}

const number = (value: number | null): string =>
  value === null ? 'unknown' : Math.round(value).toLocaleString('en-US');

const count = (value: number, unit: string): string => `${number(value)} ${unit}${value === 1 ? '' : 's'}`;

const localTime = (time: string): string => new Date(time).toLocaleString('sv-SE');
