import {join} from 'node:path';
import process from 'node:process';
import type {ClientName} from './client-names.js';
import {type Env, userHome} from './user-home.js';

/** How a client starts the server. */
export interface ServerEntry {
  command: string;
  args: readonly string[];
  /** Never has secrets. */
  env: Readonly<Record<string, string>>;
}

/** A program that can start the server, and its configuration for all projects of the user (November 2026). */
export interface McpClient {
  title: string;
  path(env: Env, platform?: NodeJS.Platform): string;
  format: 'json' | 'toml';
  /** The object in the file that has the servers. */
  key: string;
  /** The value in the file. */
  value(entry: ServerEntry): Record<string, unknown>;
  /** What the user does next. */
  next: string;
}

const common = ({command, args, env}: ServerEntry) => ({
  command,
  args: [...args],
  ...(Object.keys(env).length > 0 && {env: {...env}}),
});

const withType = (entry: ServerEntry) => ({type: 'stdio', ...common(entry)});

export const clients: Readonly<Record<ClientName, McpClient>> = {
  'claude-code': {
    title: 'Claude Code',
    path: (env) => join(env.CLAUDE_CONFIG_DIR || userHome(env), '.claude.json'),
    format: 'json',
    key: 'mcpServers',
    value: withType,
    next: 'Start Claude Code again. /mcp shows the server.',
  },
  codex: {
    title: 'Codex',
    path: (env) => join(env.CODEX_HOME || join(userHome(env), '.codex'), 'config.toml'),
    format: 'toml',
    key: 'mcp_servers',
    // Codex would give up after a minute.
    value: (entry) => ({...common(entry), tool_timeout_sec: 600}),
    next: 'Start Codex again. /mcp shows the server.',
  },
  gemini: {
    title: 'Gemini CLI',
    path: (env) => join(userHome(env), '.gemini', 'settings.json'),
    format: 'json',
    key: 'mcpServers',
    value: common,
    next: 'Start Gemini CLI again. /mcp shows the server.',
  },
  vscode: {
    title: 'VS Code',
    path: (env, platform = process.platform) => join(vscodeFolder(env, platform), 'Code', 'User', 'mcp.json'),
    format: 'json',
    key: 'servers',
    value: withType,
    next: 'Start the server in VS Code with the command "MCP: List Servers".',
  },
  cursor: {
    title: 'Cursor',
    path: (env) => join(userHome(env), '.cursor', 'mcp.json'),
    format: 'json',
    key: 'mcpServers',
    value: common,
    next: 'Start Cursor again, and turn the server on in its settings for MCP.',
  },
};

function vscodeFolder(env: Env, platform: NodeJS.Platform): string {
  const home = userHome(env, platform);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  if (platform === 'win32') return env.APPDATA || join(home, 'AppData', 'Roaming');
  return env.XDG_CONFIG_HOME || join(home, '.config');
}
