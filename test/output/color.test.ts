import {expect, test} from 'vitest';
import type {OutputOptions} from '../../src/output/options.js';
import {completeReply, outputTo} from '../support/terminal/output-streams.js';

const bold = '\u001b[1mb\u001b[22m\n';

/** What a terminal shows of a document. */
async function shown(markdown: string, env: OutputOptions['env'], {color = true} = {}): Promise<string> {
  const {output, out} = outputTo({columns: 80, rows: 100}, {env, color, quiet: true});
  await output.document({}, () => markdown, {markdown: true});
  return out();
}

test('a terminal has colors unless a variable turns them off', async () => {
  for (const env of [{}, {FORCE_COLOR: ''}, {NO_COLOR: ''}, {CLICOLOR: '1'}, {CLICOLOR: ''}, {CLICOLOR_FORCE: '0'}])
    expect(await shown('**b**', env), JSON.stringify(env)).toBe(bold);
  for (const env of [
    {NO_COLOR: '1'},
    {FORCE_COLOR: '0'},
    {FORCE_COLOR: 'false'},
    {CLICOLOR: '0'},
    {TERM: 'dumb'},
    {CLICOLOR_FORCE: '1', NO_COLOR: '1'},
    {CLICOLOR_FORCE: '1', FORCE_COLOR: '0'},
  ])
    expect(await shown('**b**', env), JSON.stringify(env)).toBe('b\n');
  expect(await shown('**b**', {FORCE_COLOR: '1', CLICOLOR_FORCE: '1'}, {color: false})).toBe('b\n');
});

test('colors can be forced', async () => {
  for (const env of [
    {TERM: 'dumb', FORCE_COLOR: '1'},
    {NO_COLOR: '1', FORCE_COLOR: 'true'},
    {TERM: 'dumb', CLICOLOR_FORCE: '1'},
    {CLICOLOR: '0', CLICOLOR_FORCE: '1'},
  ])
    expect(await shown('**b**', env), JSON.stringify(env)).toBe(bold);
  for (const FORCE_COLOR of ['0', 'false', '1']) {
    const {output, err} = outputTo(undefined, {color: true, env: {FORCE_COLOR}});
    output.note('a');
    expect(err(), FORCE_COLOR).toBe(FORCE_COLOR === '1' ? '\u001b[2ma\u001b[22m\n' : 'a\n');
  }
});

test('deleted text keeps its tildes in terminals that cannot strike it out', async () => {
  expect(await shown('~~gone~~', {TERM: 'xterm-256color'})).toBe('\u001b[9mgone\u001b[29m\n');
  for (const TERM of ['screen', 'screen-256color', 'screen.xterm-256color', 'linux'])
    expect(await shown('~~gone~~', {TERM}), TERM).toBe('~~gone~~\n');
});

test('a reply is rendered on a terminal, also if all of it arrives at once', async () => {
  const {output, out} = outputTo({columns: 80, rows: 24}, {env: {TERM: 'screen'}, color: true});
  const view = await output.reply({asEvents: false});
  view.start(completeReply(''));
  view.event({type: 'append', text: '**b** ~~c~~'}, '**b** ~~c~~');
  await view.done(completeReply('**b** ~~c~~'));
  expect(out()).toContain('\u001b[1mb\u001b[22m ~~c~~\n');
});
