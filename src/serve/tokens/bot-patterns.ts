/** Whether a bot matches one of the patterns, in any letter case. `*` stands for any characters. @param patterns null for all bots */
export const mayUse = (patterns: readonly string[] | null, bot: string): boolean =>
  patterns === null || patterns.some((pattern) => matches(pattern.toLowerCase(), bot.toLowerCase()));

/** Not a regular expression: one with several `.*` may take very long. */
function matches(pattern: string, text: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - at >= last.length && text.endsWith(last);
}
