import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {addExamples, type Example} from '../shared/options/examples.js';
import {install} from './install.js';
import {addMcpOptions, type McpFlags, mcpLimits} from './mcp-options.js';
import {uninstall} from './uninstall.js';

export const mcp = (context: Context) =>
  addMcpOptions(addExamples(new Command('mcp'), examples))
    .summary('Let AI programs use Poe as MCP tools')
    .description(
      'Serve the bots of Poe as tools to an MCP client, such as Claude Code, on stdin and stdout. The client starts this command itself: set it up with poe mcp install.',
    )
    .action(async (flags: McpFlags) => {
      // First of all: nothing else may write to stdout.
      const {takeStdout} = await import('../../mcp/transports/private-stdout.js');
      const {io, output, signal} = context;
      const {output: stdout, release} = takeStdout(io.stdout, io.stderr);
      context.stopsCleanly = true;
      if (io.stdin.isTTY) output.note('Waiting for an MCP client on stdin. To set one up: poe mcp install <client>');
      try {
        const {serveStdio} = await import('../../mcp/transports/stdio.js');
        const problem = await serveStdio({
          host: context,
          limits: mcpLimits(flags, context),
          input: io.stdin,
          output: stdout,
          signal,
          onProblem: ({message}) => output.log({what: 'mcp', status: message}),
        });
        if (problem) output.note(`The connection has ended: ${problem.message}`);
      } finally {
        await release();
      }
    })
    .addCommand(install(context))
    .addCommand(uninstall(context));

const examples: readonly Example[] = [['poe mcp install claude-code']];
