/** The programs that poe can set up. */
export const clientNames = ['claude-code', 'codex', 'gemini', 'vscode', 'cursor'] as const;

export type ClientName = (typeof clientNames)[number];
