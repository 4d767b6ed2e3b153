import {ms, ratio} from './figures.js';
import {alternate, measure} from './process.js';
import {longReply, prefixes, startSite} from './site.js';
import {onTerminal} from './terminal.js';

/* Measurements of poe chat on a pseudo-terminal. */

const chat = ['bin/poe.js', 'chat', '-b', 'Capy'];
const quit = '\u0003\u0004';

/** The time from the start of the process until a key that was pressed at the prompt is visible. */
export async function chatStartup() {
  const site = await startSite();
  try {
    // A chat that is left at once does not wait until the facts about the site are cached.
    await measure(['bin/poe.js', 'send', '-b', 'Capy', 'hi'], {env: site.env});
    const {bare, poe} = await alternate(
      {
        bare: async () => (await onTerminal(['-e', '0'])).wallMs,
        poe: async () => {
          const keys = [
            [/>/, 'z'],
            [/z/, quit],
          ];
          return (await onTerminal(chat, {env: site.env, keys})).seenMs[1];
        },
      },
      15,
    );
    const label = 'poe chat until it accepts keys: time vs. node -e 0';
    return [{label, figure: ratio(poe.min, bare.min), goal: '2.5', values: `${ms(poe.min)} / ${ms(bare.min)}`}];
  } finally {
    site.close();
  }
}

/** A very long reply from a fast bot. */
export async function chatReply() {
  const reply = longReply(1500);
  const site = await startSite({texts: prefixes(reply, 500), paceMs: 10});
  const keys = [
    [/Capy ·/, 'hi\r'],
    [/The end\.[^]*\d\.\d s/, quit],
  ];
  let bytes = Infinity;
  let atOnce = 0;
  try {
    const {bare, poe} = await alternate(
      {
        bare: async () =>
          (
            await onTerminal(['bench/probes/bare.js', site.socketUrl, `${site.url}/api/gql_POST`, 'live'], {
              isProbed: true,
            })
          ).cpuMs,
        poe: async () => {
          const run = await onTerminal(chat, {env: site.env, keys, isProbed: true});
          bytes = Math.min(bytes, run.bytes);
          return run.cpuMs;
        },
      },
      3,
    );
    const whole = await startSite({texts: [reply]});
    try {
      atOnce = (await onTerminal(['bin/poe.js', 'send', '-b', 'Capy', 'hi'], {env: whole.env})).bytes;
    } finally {
      whole.close();
    }
    const replyBytes = Buffer.byteLength(reply);
    return [
      {
        label: 'poe chat, reply of 1,500 lines in 500 updates: bytes to the terminal vs. bytes of the reply',
        figure: ratio(bytes, replyBytes),
        goal: '1.3',
        values: `${Math.round(bytes / 1000)} / ${Math.round(replyBytes / 1000)} KB`,
      },
      {
        label: 'the same: bytes to the terminal vs. the reply with its colors and tables, printed at once',
        figure: ratio(bytes, atOnce),
        goal: '-',
        values: `${Math.round(bytes / 1000)} / ${Math.round(atOnce / 1000)} KB`,
      },
      {
        label: 'the same: CPU vs. a minimal client that prints the text',
        figure: ratio(poe.min, bare.min),
        goal: '2',
        values: `${ms(poe.min)} / ${ms(bare.min)}`,
      },
    ];
  } finally {
    site.close();
  }
}
