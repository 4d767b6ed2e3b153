import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {addExamples, type Example} from '../shared/examples.js';
import {PoeError} from '../../core/errors.js';
import {shellHint} from '../../cli/hints.js';
import type {Finding} from '../../core/finding.js';
import type {Column} from '../../output/list/columns.js';
import {writeNewFile} from '../shared/write-new-file.js';

export const doctor = (context: Context) =>
  addExamples(new Command('doctor'), examples)
    .summary('Diagnose connection and login problems')
    .description(
      'Check each layer between this machine and Poe, and suggest fixes. With an API key, also check the API. No message is sent and no secret is printed. The exit code is that of the first failed check.',
    )
    .option('--fix', 'Refresh and save the site facts')
    .option('--export-site <path>', 'Write the site facts to a new file, for --site-file')
    .action(async ({fix = false, exportSite}: {fix?: boolean; exportSite?: string}) => {
      const findings: Finding[] = [];
      await context.output.list(record(runChecks(context, fix), findings), columns, {empty: 'No layer was checked.'});
      if (exportSite !== undefined) await exportTo(exportSite, context);
      const failed = findings.find(({state}) => state === 'failed');
      if (!failed) return;
      const {layer, detail, hint, facts} = failed;
      throw new PoeError(failed.code ?? 'refused', `${layer}: ${detail}`, {...facts, hint: hint ?? undefined});
    });

/** A finding as it is printed: its hint names commands and options. */
type PrintedFinding = Omit<Finding, 'facts'>;

const columns: readonly Column<PrintedFinding>[] = [
  {title: 'Layer', value: ({layer}) => layer},
  {title: '', value: ({state}) => state},
  {title: 'Result', value: ({detail, hint}) => (hint === null ? detail : `${detail}. ${hint}`), flex: true},
];

async function* runChecks(context: Context, fix: boolean): AsyncGenerator<Finding, void, undefined> {
  yield terminal(context);
  yield await store(context);
  const {signal} = context;
  const byKey = (await context.via()) === 'api';
  if (byKey) yield* (await context.api()).diagnose({signal});
  if (byKey && !(await context.has('web'))) return;
  const anonymous = await context.tokens().then(() => undefined, noTokens);
  // Some checks need no tokens.
  const poe = anonymous ? await context.connect({pB: '', pLat: ''}) : await context.web();
  yield* poe.diagnose({fix, anonymous, signal});
}

function noTokens(error: unknown): PoeError {
  if (error instanceof PoeError && error.code === 'not_logged_in') return error;
  throw error;
}

const ok = (layer: string, detail: string): Finding => ({
  layer,
  state: 'ok',
  detail,
  hint: null,
  facts: {},
  code: null,
});

function terminal({io: {stdout}}: Context): Finding {
  return ok('terminal', stdout.isTTY ? `${stdout.columns || 80} columns` : 'none: output goes to a file or a program');
}

async function store(context: Context): Promise<Finding> {
  try {
    const profiles = await context.store();
    const {foundFacts} = await profiles.read(context.profile);
    const age = foundFacts ? `site facts stored at ${foundFacts.foundAt}` : 'no site facts yet';
    return ok('store', `${profiles.path}, profile ${context.profile}: ${age}`);
  } catch (error) {
    if (!(error instanceof PoeError)) throw error;
    const {code, message, hint = null, facts} = error;
    return {layer: 'store', state: 'failed', detail: message, hint, facts, code};
  }
}

async function* record(
  findings: AsyncIterable<Finding>,
  list: Finding[],
): AsyncGenerator<PrintedFinding, void, undefined> {
  for await (const finding of findings) {
    list.push(finding);
    const {layer, state, detail, hint, facts, code} = finding;
    yield {layer, state, detail, hint: shellHint({hint: hint ?? undefined, facts}) ?? null, code};
  }
}

async function exportTo(path: string, context: Context): Promise<void> {
  const facts = await (await context.web()).siteFacts({signal: context.signal});
  await writeNewFile(path, `${JSON.stringify(facts, null, 2)}\n`);
  context.output.note(`The site facts were written to ${path}.`);
}

const examples: readonly Example[] = [['poe doctor'], ['poe doctor --fix'], ['poe doctor --export-site site.json']];
