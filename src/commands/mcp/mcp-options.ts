import {type Command, Option} from 'commander';
import {statSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {McpLimits} from '../../mcp/host.js';
import {collectText} from '../shared/options/collect-text.js';
import {settingParser} from '../shared/options/setting-parser.js';
import {userHome} from '../../mcp/install/user-home.js';

/** What an MCP client may do. */
export interface McpFlags {
  files?: string[];
  output?: string;
  askAbove?: number | 'never';
  archive?: boolean;
}

export function addMcpOptions(command: Command): Command {
  const options = [
    new Option('--files <folder>', 'Allow sending files of this folder; repeatable').argParser(collectText),
    new Option('-o, --output <folder>', 'Folder for images and videos'),
    new Option('--ask-above <points>', 'Ask before a message that costs more, or "never" (default: 1000)').argParser(
      settingParser('ask-above'),
    ),
    new Option('--no-archive', 'Hide the chats of poe sync'),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

/** @throws PoeError `file` if a folder does not exist; `store` if the settings that limit spending cannot be read */
export function mcpLimits({files = [], output, askAbove, archive = true}: McpFlags, context: Context): McpLimits {
  const {settings, io} = context;
  settings.requireLimits(['max-points', 'ask-above']);
  return {
    askAbove: askAbove ?? settings.get('ask-above'),
    fileFolders: files.map((folder) => checkFolder(resolve(folder))),
    privateFolders: [dirname(settings.path)],
    outputFolder: output === undefined ? join(userHome(io.env), 'Downloads', 'poe') : resolve(output),
    hasArchive: archive,
  };
}

function checkFolder(folder: string): string {
  let cause: unknown;
  try {
    if (statSync(folder, {throwIfNoEntry: false})?.isDirectory() === true) return folder;
  } catch (error) {
    cause = error;
  }
  throw new PoeError('file', `No folder ${folder}`, {hint: 'Name an existing folder with --files.', cause});
}
