/**
 * Whether a text looks like what a bot shows while it works, and will replace: “Searching…”, “Thinking... (3s elapsed)”. So it
 * looks as long as each of its lines is short and ends in dots, tells a time elapsed, or begins with such a word.
 */
export function looksLikeProgress(text: string): boolean {
  if (text.length > 500) return false;
  const lines = text
    .split('\n')
    .map((line) => line.replaceAll(/[*_`~>#]/g, '').trim())
    .filter((line) => line !== '');
  return lines.length > 0 && lines.every(isProgressLine);
}

const isProgressLine = (line: string): boolean =>
  line.length <= 100 && (/(?:\.\.\.?|…)$|\(.*elapsed\)/i.test(line) || words.test(line));

const words = /^(?:thinking|searching|generating|reasoning|loading|reading|browsing|waiting|working|analy[sz]ing)\b/i;
