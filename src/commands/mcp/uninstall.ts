import {Argument, Command} from 'commander';
import type {Context} from '../../context/context.js';
import {type ClientName, clientNames} from '../../mcp/install/client-names.js';
import {applyPlan, type PlanFlags} from './apply-plan.js';

export const uninstall = (context: Context) =>
  new Command('uninstall')
    .summary('Remove poe from the configuration of a client')
    .description('Remove poe from the MCP servers of a client. Shows the change and asks first.')
    .addArgument(new Argument('<client>', 'claude-code, codex, gemini, vscode or cursor').choices(clientNames))
    .option('--dry-run', 'Only show the change')
    .option('-y, --yes', 'Do not ask')
    .action(async (name: ClientName, flags: PlanFlags) => {
      const {planUninstall} = await import('../../mcp/install/plan.js');
      await applyPlan(context, name, flags, planUninstall);
    });
