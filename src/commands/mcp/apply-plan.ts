import {dirname} from 'node:path';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {ClientName} from '../../mcp/install/client-names.js';
import type {McpClient} from '../../mcp/install/clients.js';
import type {Plan} from '../../mcp/install/plan.js';
import type {Insertion} from '../../mcp/install/record.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import {confirm} from '../shared/ask-user.js';

export interface PlanFlags {
  dryRun?: boolean;
  yes?: boolean;
}

/**
 * Shows a change of a client's configuration, asks, and makes it.
 * @param plan what to change
 * @throws PoeError `usage` without a terminal and --yes; `file`
 */
export async function applyPlan(
  context: Context,
  name: ClientName,
  {dryRun: isDryRun = false, yes = false}: PlanFlags,
  plan: (client: McpClient, path: string, recorded: Insertion | undefined) => Plan,
): Promise<void> {
  const {clients} = await import('../../mcp/install/clients.js');
  const [{changedLines}, {InstallRecord}, {removeFolders, writeConfig}] = await Promise.all([
    import('../../mcp/install/changed-lines.js'),
    import('../../mcp/install/record.js'),
    import('../../mcp/install/config-file.js'),
  ]);
  const {io, output, settings} = context;
  const client = clients[name];
  const path = client.path(io.env);
  const record = new InstallRecord(dirname(settings.path));
  const recorded = record.get(path);
  const planned = plan(client, path, recorded);
  const {kind, before, after, insertion} = planned;
  const result = {client: name, path, change: kind, dryRun: isDryRun, ...changedLines(planned)};
  if (kind === 'none' || isDryRun) return output.result(result, () => shown(result));
  if (!yes) {
    if (!output.isJson) io.stderr.write(`${shown(result)}\n`);
    await confirm(`${questions[kind]} ${path}?`, context, needsYes());
  }
  const folder = writeConfig(path, after, before) ?? recorded?.folder;
  if (after === undefined && folder !== undefined) removeFolders(path, folder);
  record.set(path, kind === 'remove' ? undefined : insertion && {...insertion, folder});
  output.summary(result, () => `${done[kind]} ${path}. ${kind === 'remove' ? '' : client.next}`.trim());
}

const questions = {add: 'Add poe to', replace: 'Replace poe in', remove: 'Remove poe from'};
const done = {add: 'Added poe to', replace: 'Replaced poe in', remove: 'Removed poe from'};

interface Shown {
  path: string;
  change: Plan['kind'];
  removed: readonly string[];
  added: readonly string[];
}

function shown({path, change, removed, added}: Shown): string {
  if (change === 'none') return `Nothing to change in ${path}`;
  const lines = [...removed.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)];
  return [`${path}:`, ...lines.map((line) => sanitizeLine(line))].join('\n');
}

const needsYes = () =>
  new PoeError('usage', 'Nothing was changed: confirmation requires a terminal', {
    hint: 'To change it without confirmation, add --yes. To see the change, add --dry-run.',
  });
