/** A piece of a shell script as it is written, backslashes and all; only `\${` and `` \` `` stand for `${` and `` ` ``. */
export const verbatim = ({raw}: TemplateStringsArray): string => raw.join('').replaceAll(/\\(\$\{|`)/g, '$1');

/** A word that no shell takes for anything but a word. */
export const isPlain = (word: string): boolean => /^[\w./-]+$/.test(word) && !/^-?$/.test(word);

export const indented = (lines: readonly string[], by: string): string =>
  lines.map((line) => `${by}${line}`).join('\n');
