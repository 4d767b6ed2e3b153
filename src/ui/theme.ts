import {styleText} from 'node:util';

/** Which background the colors are for. `auto` uses colors that can be read on both, unless the terminal tells. */
export type ThemeName = 'dark' | 'light' | 'auto';

/** Colors by purpose. Without color, each of them returns its text unchanged, so no meaning may depend on color alone. */
export interface Theme {
  /** Names, marks and what is selected. */
  accent: Style;
  /** What is read first: questions and titles. */
  text: Style;
  /** Less important text: hints, costs, rules. */
  dim: Style;
  good: Style;
  warning: Style;
  error: Style;
}

export type Style = (text: string) => string;

interface ThemeOptions {
  color: boolean;
  /** Default: `auto`. */
  name?: ThemeName | undefined;
  env?: Readonly<Record<string, string | undefined>>;
}

/** The colors of the chat, from the sixteen that users can configure in their terminal. */
export function createTheme({color, name = 'auto', env = {}}: ThemeOptions): Theme {
  const style = (format: Format) => (color ? styled(format) : unstyled);
  const roles = {text: style('bold'), dim: style('dim'), good: style('green'), error: style('red')};
  switch (name === 'auto' ? backgroundOf(env) : name) {
    case 'dark':
      return {...roles, accent: style('magentaBright'), warning: style('yellow')};
    case 'light':
      // Yellow is hard to read on white.
      return {...roles, accent: style('magenta'), warning: style('red')};
    case 'unknown':
      return {...roles, accent: style('magenta'), warning: style('yellow')};
  }
}

type Format = 'bold' | 'dim' | 'green' | 'red' | 'magenta' | 'magentaBright' | 'yellow';

const unstyled: Style = (text) => text;

/** Styles each line by itself, so that a row of the terminal is complete without the next one. */
function styled(format: Format): Style {
  const line = (text: string) => (text === '' ? '' : styleText(format, text, {validateStream: false}));
  return (text) => text.split('\n').map(line).join('\n');
}

/** Some terminals tell their colors: `COLORFGBG=15;0` is white on black. */
function backgroundOf({COLORFGBG = ''}: Readonly<Record<string, string | undefined>>): 'dark' | 'light' | 'unknown' {
  const background = /^\d+;(?:\w+;)?(\d+)$/.exec(COLORFGBG)?.[1];
  if (background === undefined) return 'unknown';
  return Number(background) === 7 || Number(background) > 8 ? 'light' : 'dark';
}
