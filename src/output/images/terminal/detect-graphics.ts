import {throughTmux} from '../encode/kitty.js';
import type {Colors, Graphics} from '../graphics.js';
import {
  graphicsIn,
  hasAttributes,
  hasKittyGraphics,
  hasStatus,
  kittyQuery,
  statusQuery,
  terminalQuery,
} from './answers.js';
import {askTmux} from './tmux.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Writes a query to the terminal. @returns what it answers until that is complete, or until it takes too long */
export type AskTerminal = (query: string, isComplete: (answers: string) => boolean) => Promise<string>;

export interface DetectOptions {
  env: Env;
  /** Whether to use colors. Without them there are no half blocks. */
  color: boolean;
  /** Undefined if the terminal's answers cannot be read. */
  ask: AskTerminal | undefined;
  signal: AbortSignal;
}

/** Finds out how the terminal shows images. @returns undefined if it cannot */
export async function detectGraphics({env, color, ask, signal}: DetectOptions): Promise<Graphics | undefined> {
  if (env.TERM === 'dumb' || isOn(env.CI)) return undefined;
  const found = env.TMUX ? await inTmux(env, ask, signal) : await directly(env, ask);
  if (found) return found;
  const colors = color ? colorsOf(env) : undefined;
  return colors && {type: 'blocks', colors};
}

/** Variables such as TERM and KITTY_WINDOW_ID prove nothing: programs that were started from another terminal inherit them. */
async function directly(env: Env, ask: AskTerminal | undefined): Promise<Graphics | undefined> {
  if (!ask || showsQueries(env)) return undefined;
  const query = isInMultiplexer(env) ? terminalQuery : kittyQuery + terminalQuery;
  return graphicsIn(await ask(query, hasAttributes));
}

/** Terminals without images that would show a part of the query as text. GNU screen shows it in its title. */
const showsQueries = ({TERM = '', TERM_PROGRAM, STY, INSIDE_EMACS}: Env): boolean =>
  TERM_PROGRAM === 'Apple_Terminal' || /^(?:linux|eterm|cons\d+)/.test(TERM) || isOn(STY) || isOn(INSIDE_EMACS);

/** Over SSH, TERM alone tells of a tmux or screen on the user's machine. They show the query for kitty graphics as a title. */
const isInMultiplexer = ({TERM = ''}: Env): boolean => /^(?:tmux|screen)/.test(TERM);

/** A query that is not meant for tmux must be wrapped. Otherwise it becomes the title of the pane. */
async function inTmux(env: Env, ask: AskTerminal | undefined, signal: AbortSignal): Promise<Graphics | undefined> {
  const facts = await askTmux(env, signal);
  if (!facts?.passesThrough) return undefined;
  const {terminal, cell, isActive} = facts;
  if (/kitty|ghostty/i.test(terminal)) return {type: 'placeholders', cell};
  if (terminal !== '' || !ask || !isActive) return undefined;
  const answers = await ask(throughTmux(kittyQuery) + throughTmux(statusQuery), hasStatus);
  return hasKittyGraphics(answers) ? {type: 'placeholders', cell} : undefined;
}

/** How many colors the terminal has; undefined for 16 or fewer. */
function colorsOf({COLORTERM = '', TERM = '', FORCE_COLOR, WT_SESSION}: Env): Colors | undefined {
  if (/^(?:truecolor|24bit)$/i.test(COLORTERM) || FORCE_COLOR === '3' || isOn(WT_SESSION) || TERM.endsWith('-direct'))
    return 'true';
  return /256color|kitty|ghostty|alacritty|foot/.test(TERM) || FORCE_COLOR === '2' ? '256' : undefined;
}

const isOn = (value: string | undefined): boolean => value !== undefined && !['', '0', 'false'].includes(value);
