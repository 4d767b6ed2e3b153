/** Turns commands of the shell that a text names, such as `poe history`, into slash commands. @param names those of the chat */
export function inSlashTerms(text: string, names: readonly string[]): string {
  const shellCommand = new RegExp(String.raw`\bpoe (?=(?:${names.join('|')})(?![\w-]))`, 'g');
  return text.replaceAll(/\bpoe chat -c /g, '/chat ').replaceAll(shellCommand, '/');
}
