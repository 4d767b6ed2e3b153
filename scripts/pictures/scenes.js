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

/** @type {Record<string, Scene>} */
export const scenes = {
  opening: {
    label: 'poe in a terminal, with an empty prompt',
    args: ['chat', '-b', 'Claude-3.7-Sonnet'],
    rows: 12,
    steps: [[/points left/, '']],
  },
  reply: {
    label: 'A chat in a terminal: a question, and a reply with a table, highlighted code and a formula',
    args: ['chat', '-b', 'Sandbox-Sample'],
    rows: 44,
    steps: [
      [/points left/, 'How long does tea take, and can you write me a timer?'],
      [/timer\?/, '\r'],
      [/last: |points · /, 'And for oolong?', {pause: 800}],
      [/oolong\?/, ''],
    ],
  },
  image: {
    label: 'A chat in a terminal: a reply with an image of mountains at sunset',
    args: ['chat', '-b', 'Sandbox-Image'],
    rows: 32,
    steps: [
      [/points left/, 'Paint mountains at sunset'],
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
  rows: 30,
  steps: [
    [/points left/, 'How long does tea take, and can you write me a timer?', {pause: 700, typing: 55}],
    [/timer\?/, '\r', {pause: 300}],
    [/last: |points · /, '/bot Sandbox-Image', {pause: 3500, typing: 60}],
    [/Sandbox-Image/, '\r', {pause: 400}],
    [/Sandbox-Image/, 'Paint mountains at sunset', {pause: 600, typing: 55}],
    [/at sunset/, '\r', {pause: 300}],
    [/Save with/, '', {pause: 2500}],
  ],
};
