import {styleText} from 'node:util';

/** The styles that lists, notes and errors use. Chalk, which styles Markdown and the chat, takes a while to load. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
}

/** @param color whether to write any styles at all */
export function paintWith({color}: {color: boolean}): Paint {
  return color ? styles : plain;
}

const styles: Paint = {bold: styled('bold'), dim: styled('dim'), red: styled('red')};

const asItIs = (text: string): string => text;
const plain: Paint = {bold: asItIs, dim: asItIs, red: asItIs};

/** Styles each line by itself, so that a row of the terminal is complete without the next one. */
function styled(style: keyof Paint) {
  const line = (text: string) => (text === '' ? '' : styleText(style, text, {validateStream: false}));
  return (text: string): string => text.split('\n').map(line).join('\n');
}
