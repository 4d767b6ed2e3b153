import {expect, test} from 'vitest';
import {Thinking, toggleReasoning} from '../../../src/ui/conversation/reply/thinking.js';
import {initialState} from '../../../src/ui/state/chat-state.js';
import {ChatStore} from '../../../src/ui/state/store.js';
import {set} from '../../../src/ui/state/transitions.js';
import {viewOf} from '../../../src/ui/state/view.js';
import {createTheme} from '../../../src/ui/theme.js';

/* The reasoning of a bot, which is folded into one line. */

/** A chat in which a bot has started to think. */
function startThinking() {
  const store = new ChatStore({...initialState([]), isStarting: false, bot: {handle: 'Muse', price: null}});
  const theme = createTheme({color: false});
  const printed: string[] = [];
  store.subscribe((lines) => printed.push(lines));
  store.apply(set({activity: 'running', progress: {command: undefined, elapsedMs: 4200}}));
  // Of the terminal, only the width is used.
  const deps = {color: false, terminal: {stdout: {columns: 80}}} as Parameters<typeof toggleReasoning>[0]['deps'];
  const session = {store, theme, deps};
  const thinking = new Thinking(session);
  thinking.add('First I count both twos.\nThen I add them.');
  const shown = () => {
    const {tail, progress, notice} = viewOf(store.getSnapshot(), {
      columns: 80,
      rows: 24,
      isForScreenReader: false,
      account: undefined,
      theme,
    });
    return {tail, progress, notice};
  };
  return {store, session, thinking, shown, printed};
}

test('while a bot is thinking, Ctrl+O shows its reasoning and folds it again', () => {
  const {session, shown} = startThinking();
  expect(shown()).toMatchObject({
    tail: '',
    progress: [expect.stringMatching(/^\S Muse is thinking · 4 s · Esc to stop · Ctrl\+O to expand$/)],
  });
  toggleReasoning(session);
  expect(shown()).toMatchObject({
    tail: 'First I count both twos.\nThen I add them.\n',
    progress: [expect.stringMatching(/Ctrl\+O to fold$/)],
  });
  toggleReasoning(session);
  expect(shown().tail).toBe('');
});

test('the reasoning becomes one line when the bot answers, and can be shown once after that', () => {
  const {store, session, thinking, shown, printed} = startThinking();
  expect(thinking.end()).toMatch(/^Thought for \d\.\d s · Ctrl\+O to expand\n\n$/);
  expect(thinking.end()).toBe('');
  store.apply(set({activity: 'idle', progress: undefined}));
  toggleReasoning(session);
  store.flush();
  expect(printed.join('')).toMatch(/^Thought for \d\.\d s\n│ First I count both twos\.\n│ Then I add them\.\n\n$/);
  toggleReasoning(session);
  expect(shown().notice).toBe('The reasoning is shown above');
});

test('reasoning that was expanded, or that is all the bot sends, is printed in full', () => {
  const expanded = startThinking();
  toggleReasoning(expanded.session);
  expect(expanded.thinking.end()).toContain('│ First I count both twos.');
  const alone = startThinking();
  expect(alone.thinking.end({isAnswered: false})).toContain('│ Then I add them.');
});
