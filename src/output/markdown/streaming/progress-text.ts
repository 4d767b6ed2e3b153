/**
 * Whether a text looks like a progress message that the bot will replace: "Searching…", "Thinking... (3s elapsed)". Each of
 * its lines is short and ends in dots, states an elapsed time, or starts with such a word.
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
