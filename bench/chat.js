import {ms, ratio} from './figures.js';
import {inTurn} from './process.js';
import {answerOf, growing, startSite} from './site.js';
import {onTerminal} from './terminal.js';

/* The figures of poe chat, on a pseudo-terminal. */

const chat = ['bin/poe.js', 'chat', '-b', 'Capy'];
const leave = '\u0003\u0004';

/** From the start of the process until a key that was pressed at the prompt is seen there. */
export async function chatStarting() {
  const site = await startSite();
  try {
    const {bare, poe} = await inTurn(
      {
        bare: async () => (await onTerminal(['-e', '0'])).wallMs,
        poe: async () => {
          const keys = [
            [/>/, 'z'],
            [/z/, leave],
          ];
          return (await onTerminal(chat, {env: site.env, keys})).seenMs[1];
        },
      },
      15,
    );
    const what = 'poe chat until the prompt takes keys, wall, over node -e 0';
    return [{what, figure: ratio(poe.least, bare.least), goal: '4', made: `${ms(poe.least)} / ${ms(bare.least)}`}];
  } finally {
    site.close();
  }
}

/** A reply as long as they come, at the pace of a bot that writes fast. */
export async function chatStreaming() {
  const reply = answerOf(1500);
  const site = await startSite({texts: growing(reply, 500), paceMs: 10});
  const keys = [
    [/Capy ·/, 'hi\r'],
    [/The end\./, ''],
    [/Hello(?! · Esc to stop)/, leave],
  ];
  let bytes = Infinity;
  try {
    const {bare, poe} = await inTurn(
      {
        bare: async () =>
          (await onTerminal(['bench/bare.js', site.socketUrl, `${site.url}/api/gql_POST`, 'live'], {isProbed: true}))
            .cpuMs,
        poe: async () => {
          const run = await onTerminal(chat, {env: site.env, keys, isProbed: true});
          bytes = Math.min(bytes, run.bytes);
          return run.cpuMs;
        },
      },
      3,
    );
    const replyBytes = Buffer.byteLength(reply);
    return [
      {
        what: 'poe chat, a reply of 1,500 lines in 500 updates: bytes written to the terminal, over those of the reply',
        figure: ratio(bytes, replyBytes),
        goal: '2',
        made: `${Math.round(bytes / 1000)} / ${Math.round(replyBytes / 1000)} KB`,
      },
      {
        what: 'the same, CPU, over a bare client that writes the text as it comes',
        figure: ratio(poe.least, bare.least),
        goal: 'as low as can be',
        made: `${ms(poe.least)} / ${ms(bare.least)}`,
      },
    ];
  } finally {
    site.close();
  }
}
