/** The output of a command that was run in the chat. */
export interface ShellOutput {
  command: string;
  /** Sanitized. */
  text: string;
}

/** The command and its output as part of a message. */
export function asContext({command, text}: ShellOutput): string {
  const content = `$ ${command}\n${text.replace(/\n+$/, '')}`;
  const fences = content.match(/`{3,}/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...fences.map((each) => each.length + 1)));
  return `${fence}\n${content}\n${fence}\n`;
}
