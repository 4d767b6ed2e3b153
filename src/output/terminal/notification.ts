import {sanitizeLine} from './sanitize.js';

type Env = Readonly<Record<string, string | undefined>>;

/** What tells the user of a reply: a notification (OSC 9) on terminals that show them, else the bell, which users can configure. */
export const notification = (bot: string, env: Env): string =>
  showsNotifications(env) ? `\u001b]9;poe: ${sanitizeLine(bot)} replied\u0007` : '\u0007';

const showsNotifications = ({TMUX, KITTY_WINDOW_ID, TERM_PROGRAM = ''}: Env): boolean =>
  !TMUX && (KITTY_WINDOW_ID !== undefined || /^(?:iTerm\.app|WezTerm|ghostty)$/.test(TERM_PROGRAM));
