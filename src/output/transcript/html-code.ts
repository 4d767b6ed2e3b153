import type {Code, Tone} from '../markdown/code/code.js';

/** Marks of the tones in a line. Code never has these characters: they are removed first. */
const tones: readonly Tone[] = ['dim', 'magenta', 'green', 'cyan', 'red'];
const [startMark, endMark] = ['\u0001', '\u0002'];

const paint = Object.fromEntries(
  tones.map((tone, index) => [tone, (text: string) => `${startMark}${index}${text}${endMark}`]),
) as Record<Tone, (text: string) => string>;

/**
 * Code as HTML, with a `span` for each colored part.
 * @param code undefined: without colors
 * @param escape escapes a text for HTML
 */
export function coloredHtml(text: string, code: Code | undefined, escape: (text: string) => string): string {
  if (!code) return escape(text);
  const {lines} = code.read(text.replaceAll(/[\u0001\u0002]/g, '\uFFFD').split('\n'), paint);
  return escape(lines.join('\n'))
    .replaceAll(/\u0001(\d)/g, (_mark, index: string) => `<span class="${tones[Number(index)]}">`)
    .replaceAll(endMark, '</span>');
}
