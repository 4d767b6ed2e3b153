/** The most lines that are shown of each side. */
const maxLines = 20;

/** The lines that differ between two texts, from the first to the last one, after `-` and `+`. */
export function changedLines(before: string, after: string): string[] {
  const [old, current] = [before.split('\n'), after.split('\n')];
  const shorter = Math.min(old.length, current.length);
  let start = 0;
  while (start < shorter && old[start] === current[start]) start++;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === current.at(-1 - end)) end++;
  return [
    ...limited(
      old.slice(start, old.length - end).map((line) => `- ${line}`),
      '-',
    ),
    ...limited(
      current.slice(start, current.length - end).map((line) => `+ ${line}`),
      '+',
    ),
  ];
}

const limited = (lines: readonly string[], sign: string): readonly string[] =>
  lines.length <= maxLines + 1
    ? lines
    : [...lines.slice(0, maxLines), `${sign} … ${lines.length - maxLines} more lines`];
