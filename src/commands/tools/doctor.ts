import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {addExamples, type Example} from '../shared/options/examples.js';
import {PoeError} from '../../core/errors.js';
import type {Finding} from '../../core/finding.js';
import type {Column} from '../../output/list/columns.js';
import {installedPrograms} from './installed-programs.js';
import {writeNewFile} from '../shared/write-new-file.js';

export const doctor = (context: Context) =>
  addExamples(new Command('doctor'), examples)
    .summary('Check your connection and login for problems')
    .description(
      'Check each layer between this machine and Poe, and suggest fixes. With an API key, also check the API. No message is sent and no secret is printed. The exit code is that of the first failed check.',
    )
    .option('--fix', 'Refresh and save the site facts')
    .option('--export-site <path>', 'Write the site facts to a new file, for --site-file')
    .action(async ({fix = false, exportSite}: {fix?: boolean; exportSite?: string}) => {
      const findings: Finding[] = [];
      await context.output.list(rows(context, fix, findings), columns, {empty: 'Nothing was checked.'});
      if (exportSite !== undefined) await exportSiteFacts(exportSite, context);
      const failure = findings.find(({state}) => state === 'failed');
      if (!failure) return;
      const {layer, code, detail, hint, facts} = failure;
      throw new PoeError(code ?? 'refused', `${layer}: ${detail}`, {...facts, hint: hint ?? undefined});
    });

type Row = Omit<Finding, 'facts'>;

const columns: readonly Column<Row>[] = [
  {title: 'Layer', value: ({layer}) => layer, isShrinkable: true},
  {title: '', value: ({state}) => state},
  {title: 'Result', value: ({detail, hint}) => (hint === null ? detail : `${detail}. ${hint}`), flex: true},
];

/** Yields the findings, and adds them to `findings`. */
async function* rows(context: Context, fix: boolean, findings: Finding[]): AsyncGenerator<Row, void, undefined> {
  for await (const finding of diagnose(context, fix)) {
    findings.push(finding);
    const {layer, state, detail, facts, code} = finding;
    const hint = context.hintOf({hint: finding.hint ?? undefined, facts}) ?? null;
    yield {layer, state, detail, hint, code};
  }
}

async function* diagnose(context: Context, fix: boolean): AsyncGenerator<Finding, void, undefined> {
  yield installedPrograms(context.io.env.PATH);
  yield terminal(context);
  yield await settingsFile(context);
  yield* context.client.diagnose({fix, signal: context.signal});
}

const ok = (layer: string, detail: string): Finding => ({
  layer,
  state: 'ok',
  detail,
  hint: null,
  code: null,
  facts: {},
});

const terminal = ({io: {stdout}}: Context): Finding =>
  ok('terminal', stdout.isTTY ? `${stdout.columns || 80} columns` : 'none: stdout is a file or a pipe');

async function settingsFile(context: Context): Promise<Finding> {
  try {
    const store = await context.store();
    const {foundFacts} = await store.read(context.profile);
    context.requireSaving();
    const facts = foundFacts ? `site facts of ${foundFacts.foundAt}` : 'no site facts yet';
    return ok('store', `${store.path}, profile ${context.profile}: ${facts}`);
  } catch (error) {
    if (!(error instanceof PoeError)) throw error;
    const {code, message, hint = null, facts} = error;
    return {layer: 'store', state: 'failed', detail: message, hint, code, facts};
  }
}

async function exportSiteFacts(path: string, context: Context): Promise<void> {
  await writeNewFile(path, `${JSON.stringify(await context.siteFacts(), null, 2)}\n`);
  context.output.note(`Wrote the site facts to ${path}.`);
}

const examples: readonly Example[] = [['poe doctor'], ['poe doctor --fix'], ['poe doctor --export-site site.json']];
