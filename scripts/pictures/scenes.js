/*
 * What the pictures show: how to start the chat, and what to type.
 */

/**
 * @typedef {object} Scene
 * @property {string} label what the picture shows, for people who do not see it
 * @property {string[]} args of `poe`
 * @property {number} rows of the terminal
 * @property {import('./chat-recording.js').Step[]} steps
 */

/**
 * @typedef {object} ShellScene
 * @property {string} label
 * @property {number} cols
 * @property {number} rows
 * @property {boolean} [hasKey] whether the commands use the API key of the sandbox instead of its session
 * @property {string[][]} before the arguments of commands that are not shown
 * @property {string} command what is typed after `poe`
 * @property {RegExp} until what the screen shows at the end
 */

/** Commands at a shell, with chats of the sandbox. @type {Record<string, ShellScene>} */
export const shellScenes = {
  search: {
    label: 'poe search in a terminal: messages with a word, each with its chat, bot and time, and the word in color',
    cols: 84,
    rows: 30,
    before: [['sync']],
    command: 'search -n 6 lisbon',
    until: /(?:trip to Lisbon[^]*){6}/,
  },
  'compare-bots': {
    label: 'poe compare in a terminal: the replies of two bots beside each other, with times and points',
    cols: 100,
    rows: 24,
    before: [],
    command: 'compare "What is 12 x 12?" -b Claude-3.7-Sonnet -b Sandbox-Count',
    until: /Which reply is best/,
  },
  usage: {
    label: 'poe usage in a terminal: a chart of points by day with the budget, and how long the points will last',
    cols: 84,
    rows: 40,
    hasKey: true,
    before: [['budget', 'set', '200/day']],
    command: 'usage --by day',
    until: /points[^]*\n\$/,
  },
};

/** @type {Record<string, Scene>} */
export const scenes = {
  opening: {
    label: 'poe in a terminal, with an empty prompt',
    args: ['chat', '-b', 'Claude-3.7-Sonnet'],
    rows: 24,
    steps: [[/ left/, '', {pause: 500}]],
  },
  reply: {
    label: 'A chat in a terminal: a question, and a reply with a table, highlighted code and a formula',
    args: ['chat', '-b', 'Sandbox-Sample'],
    rows: 44,
    steps: [
      [/ left/, 'How long does tea take, and can you write me a timer?'],
      [/timer\?/, '\r'],
      [/Add a minute/, 'And for oolong?', {pause: 2500}],
      [/oolong\?/, ''],
    ],
  },
  picker: {
    label: 'A chat in a terminal: a list of bots to choose from, filtered by what is typed',
    args: ['chat', '-b', 'Claude-3.7-Sonnet'],
    rows: 24,
    steps: [
      [/ left/, '/bot'],
      [/\/bot/, '\r', {pause: 300}],
      [/Choose a bot/, 'claude', {pause: 500, typing: 60}],
      [/❯ Claude-3-Opus +[\d,]+ points/, '\u001b[B', {pause: 300}],
      [/❯ Claude-3.5-Haiku +[\d,]+ points/, '\u001b[B', {pause: 300}],
      [/❯ Claude-3.7-Sonnet +[\d,]+ points/, '', {pause: 300}],
    ],
  },
  compare: {
    label: 'A chat in a terminal: a question, the reply of one bot, and the reply of another bot to the same question',
    args: ['chat', '-b', 'Claude-3.7-Sonnet'],
    rows: 34,
    steps: [
      [/ left/, 'What is 12 x 12?'],
      [/12 x 12/, '\r'],
      [/= 144/, '/compare gemini-2.0-flash', {pause: 2000}],
      [/gemini-2/, '\r', {pause: 300}],
      [/= 144[^]*= 144/, '', {pause: 2500}],
    ],
  },
  image: {
    label: 'A chat in a terminal: a reply with an image of mountains at sunset',
    args: ['chat', '-b', 'Sandbox-Image'],
    rows: 32,
    steps: [
      [/ left/, 'Paint mountains at sunset'],
      [/sunset/, '\r'],
      [/Save with/, '', {pause: 800}],
    ],
  },
};

/** The moving picture: about twenty seconds. @type {Scene & {cols: number}} */
export const movingScene = {
  label:
    'A chat in a terminal: a question is typed and answered with a table and code, and another bot paints an image',
  args: ['chat', '-b', 'Sandbox-Sample'],
  cols: 84,
  rows: 34,
  steps: [
    [/ left/, 'How long does tea take, and can you write me a timer?', {pause: 700, typing: 55}],
    [/timer\?/, '\r', {pause: 300}],
    [/Add a minute/, '/bot', {pause: 4000, typing: 90}],
    [/\/bot/, '\r', {pause: 300}],
    [/Choose a bot/, 'sandbox-im', {pause: 900, typing: 80}],
    [/❯ Sandbox-Image/, '\r', {pause: 900}],
    [/Sandbox-Image(?![^]*Choose a bot)/, 'Paint mountains at sunset', {pause: 600, typing: 55}],
    [/at sunset/, '\r', {pause: 300}],
    [/Save with/, '', {pause: 3500}],
  ],
};
