import {Argument, Command} from 'commander';
import {realpathSync} from 'node:fs';
import {resolve} from 'node:path';
import process from 'node:process';
import type {Context} from '../../context/context.js';
import {type ClientName, clientNames} from '../../mcp/install/client-names.js';
import type {ServerEntry} from '../../mcp/install/clients.js';
import {addExamples, type Example} from '../shared/options/examples.js';
import {applyPlan, type PlanFlags} from './apply-plan.js';
import {addMcpOptions, type McpFlags, mcpLimits} from './mcp-options.js';

export const install = (context: Context) =>
  addMcpOptions(addExamples(new Command('install'), examples))
    .summary('Add poe to the configuration of a client')
    .description(
      'Add poe mcp, with these options, to the MCP servers of a client. Shows the change and asks first. Everything else in the file stays as it is.',
    )
    .addArgument(new Argument('<client>', 'claude-code, codex, gemini, vscode or cursor').choices(clientNames))
    .option('--dry-run', 'Only show the change')
    .option('-y, --yes', 'Do not ask')
    .action(async (name: ClientName, _flags: object, command: Command) => {
      // The options of poe mcp are found there, wherever they are.
      const {askAbove, ...others} = command.optsWithGlobals<McpFlags & PlanFlags>();
      // A setting applies when the server starts.
      const isGiven = command.getOptionValueSourceWithGlobals('askAbove') === 'cli';
      const flags = {...others, askAbove: isGiven ? askAbove : undefined};
      // Wrong options are reported now, and not when the client starts.
      mcpLimits(flags, context);
      const {sandbox = false, via} = command.optsWithGlobals<{sandbox?: boolean; via?: string}>();
      const entry = entryOf(flags, context, {sandbox, via});
      const {planInstall} = await import('../../mcp/install/plan.js');
      await applyPlan(context, name, flags, (client, path, recorded) => planInstall(client, path, entry, recorded));
      if (/[/\\]_npx[/\\]/.test(entry.args[0] ?? '')) {
        context.output.note(
          'This poe is in the cache of npx, which may delete it. Install it with npm, then run this again.',
        );
      }
      if (context.io.env.POE_API_KEY && !flags.dryRun) {
        context.output.note(
          'The client does not see POE_API_KEY of this shell. Save the key with: poe login --api-key',
        );
      }
    });

/** The command that the client runs, with absolute paths: clients with windows have another PATH than the shell. */
function entryOf(
  {files = [], output, askAbove, archive}: McpFlags,
  {profile, io}: Context,
  {sandbox, via}: {sandbox: boolean; via: string | undefined},
): ServerEntry {
  const options = [
    ...(profile === 'default' ? [] : ['--profile', profile]),
    ...(via === undefined ? [] : ['--via', via]),
    ...(sandbox ? ['--sandbox'] : []),
    ...files.flatMap((folder) => ['--files', resolve(folder)]),
    ...(output === undefined ? [] : ['--output', resolve(output)]),
    ...(askAbove === undefined ? [] : ['--ask-above', String(askAbove)]),
    ...(archive === false ? ['--no-archive'] : []),
  ];
  const folder = io.env.POE_CONFIG_DIR;
  return {
    command: process.execPath,
    args: [realpathSync(process.argv[1] ?? ''), 'mcp', ...options],
    env: folder ? {POE_CONFIG_DIR: resolve(folder)} : {},
  };
}

const examples: readonly Example[] = [
  ['poe mcp install claude-code --dry-run'],
  ['poe mcp install vscode --files ~/project'],
];
