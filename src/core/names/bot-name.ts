/** The name of a bot in what users copy: `@handle`, or the bot's URL, `https://poe.com/<handle>`. Other text is returned as it is. */
export function parseBotName(text: string): string {
  const name = text.trim();
  const [, path] = /^(?:https?:\/\/[^/]+|(?:www\.)?poe\.com)\/([^/?#]+)\/?(?:[?#].*)?$/i.exec(name) ?? [];
  return (path === undefined ? name : decodePath(path)).replace(/^@/, '');
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
