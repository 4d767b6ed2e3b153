import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {addExamples, type Example} from '../shared/examples.js';
import {PoeError} from '../../core/errors.js';
import type {Finding} from '../../core/finding.js';
import type {Column} from '../../output/list/columns.js';
import {writeNewFile} from '../shared/write-new-file.js';

export const doctor = (context: Context) =>
  addExamples(new Command('doctor'), examples)
    .summary('Diagnose connection and login problems')
    .description(
      'Check each layer between this computer and Poe, and suggest fixes. With an API key, also check the API. No message is sent and no secret is printed. The exit code is that of the first failed check.',
    )
    .option('--fix', 'Refresh and save the site facts')
    .option('--export-site <path>', 'Write the site facts to a new file, for --site-file')
    .action(async ({fix = false, exportSite}: {fix?: boolean; exportSite?: string}) => {
      const findings: Finding[] = [];
      await context.output.list(noted(examined(context, fix), findings), columns, {empty: 'No layer was checked.'});
      if (exportSite !== undefined) await exportTo(exportSite, context);
      const first = findings.find(({state}) => state === 'failed');
      if (!first) return;
      const {layer, detail: saw, hint} = first;
      throw new PoeError(first.code ?? 'refused', `${layer}: ${saw}`, {hint: hint ?? undefined});
    });

const columns: readonly Column<Finding>[] = [
  {title: 'Layer', value: ({layer}) => layer},
  {title: '', value: ({state}) => state},
  {title: 'Result', value: ({detail, hint}) => (hint === null ? detail : `${detail}. ${hint}`), flex: true},
];

async function* examined(context: Context, fix: boolean): AsyncGenerator<Finding, void, undefined> {
  yield terminal(context);
  yield await store(context);
  const {signal} = context;
  const byKey = (await context.via()) === 'api';
  if (byKey) yield* (await context.api()).diagnose({signal});
  if (byKey && !(await context.has('web'))) return;
  const stranger = await context.tokens().then(() => undefined, noTokens);
  // What needs no tokens is looked at without them.
  const poe = stranger ? await context.connect({pB: '', pLat: ''}) : await context.web();
  yield* poe.diagnose({fix, stranger, signal});
}

function noTokens(error: unknown): PoeError {
  if (error instanceof PoeError && error.code === 'not_logged_in') return error;
  throw error;
}

const good = (layer: string, saw: string): Finding => ({layer, state: 'ok', detail: saw, hint: null, code: null});

function terminal({io: {stdout}}: Context): Finding {
  return good(
    'terminal',
    stdout.isTTY ? `${stdout.columns || 80} columns` : 'none: output goes to a file or a program',
  );
}

async function store(context: Context): Promise<Finding> {
  try {
    const kept = await context.store();
    const {foundFacts} = await kept.read(context.profile);
    const age = foundFacts ? `facts about the site of ${foundFacts.foundAt}` : 'no facts about the site yet';
    return good('store', `${kept.path}, profile ${context.profile}: ${age}`);
  } catch (error) {
    if (!(error instanceof PoeError)) throw error;
    return {layer: 'store', state: 'failed', detail: error.message, hint: error.hint ?? null, code: error.code};
  }
}

async function* noted(findings: AsyncIterable<Finding>, list: Finding[]): AsyncGenerator<Finding, void, undefined> {
  for await (const finding of findings) {
    list.push(finding);
    yield finding;
  }
}

async function exportTo(path: string, context: Context): Promise<void> {
  const facts = await (await context.web()).siteFacts({signal: context.signal});
  await writeNewFile(path, `${JSON.stringify(facts, null, 2)}\n`);
  context.output.note(`What is known of the site was written to ${path}.`);
}

const examples: readonly Example[] = [['poe doctor'], ['poe doctor --fix'], ['poe doctor --export-site site.json']];
