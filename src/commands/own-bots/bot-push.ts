import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import {confirm} from '../shared/ask-user.js';
import {addExamples} from '../shared/options/examples.js';
import {prepare} from './prepare.js';

export const botPush = (context: Context) =>
  addExamples(
    new Command('push')
      .summary('Make a bot on Poe match its folder')
      .description(
        'Create or change the bot of a folder. Shows what will change and asks; without a terminal, --yes is required. A push that was interrupted continues where it ended.',
      )
      .argument('<folder>', 'Folder of the bot')
      .option('-y, --yes', 'Do not ask for confirmation')
      .option('--force', 'Overwrite changes that were made on Poe, and send even if nothing differs'),
    [['poe bot push my-bot'], ['poe bot push my-bot --yes --json']],
  ).action(async (path: string, flags: PushFlags) => {
    const {lockFolder} = await import('../../context/own-bots/push-state.js');
    const release = await lockFolder(path, context);
    try {
      await pushFolder(path, flags, context);
    } finally {
      release();
    }
  });

interface PushFlags {
  yes?: boolean;
  force?: boolean;
}

async function pushFolder(path: string, {yes = false, force = false}: PushFlags, context: Context): Promise<void> {
  const {output, signal, io, client} = context;
  const {changeLines, planLines, planNotes, planResult} = await import('./show-plan.js');
  const prepared = await prepare(path, context);
  const {folder, plan, stateFile, isEmpty} = prepared;
  const {handle} = folder.settings;
  const result = planResult(prepared);
  if (plan.conflicts.length > 0 && !force) {
    const problems = plan.conflicts.flatMap((change) =>
      changeLines({...change, from: change.to, to: change.from}, folder),
    );
    const reason = prepared.state.seen
      ? 'was changed on Poe since the last push'
      : 'exists, and this folder has never been pushed to it';
    throw new PoeError('conflict', `The bot ${handle} ${reason}`, {
      problems,
      remedy: 'resolve_conflict',
      bot: handle,
    });
  }
  for (const note of [...planNotes(prepared), ...pictureNotes(path, folder.settings.picture_url)]) output.note(note);
  const isNeeded = force || !isEmpty;
  if (isNeeded && !output.isJson) for (const line of planLines(prepared)) output.info(line);
  const verb = plan.bot ? 'Change' : 'Create';
  if (isNeeded && !yes) await confirm(`${verb} the bot ${handle}?`, context, needsTerminal());
  const {push} = await import('../../context/own-bots/push-bot.js');
  const spinner = isNeeded ? await output.startSpinner(`Sending ${handle}`) : undefined;
  let sent = 0;
  try {
    const onKnowledge = (name: string, number: number, count: number) => {
      sent = number - 1;
      spinner?.update(`Sending knowledge ${number}/${count}: ${name}`);
    };
    await push(prepared, stateFile, {client, env: io.env, signal}, {onKnowledge, isForced: force});
  } catch (error) {
    if (sent > 0)
      output.note(
        `${sent === 1 ? '1 text or file was' : `${sent} texts and files were`} sent. The next push continues there.`,
      );
    throw error;
  } finally {
    spinner?.stop();
  }
  (await context.cache()).addBots([{handle, name: folder.settings.name ?? null}]);
  const url = await context.webProfile.botUrl(handle);
  output.summary(result, () =>
    isNeeded ? `${plan.bot ? 'Changed' : 'Created'} ${handle}: ${url}` : `${handle} is up to date: ${url}`,
  );
}

/** Poe takes only the URL of a picture, as far as is known. */
const pictureNotes = (path: string, url: string | undefined): string[] =>
  url === undefined && existsSync(join(path, 'avatar.png'))
    ? [
        'avatar.png is not sent: Poe takes only the URL of a picture. Set picture_url in bot.yaml, or set the picture on poe.com.',
      ]
    : [];

const needsTerminal = () =>
  new PoeError('usage', 'Nothing was changed: confirmation requires a terminal', {
    hint: 'To push without confirmation, add --yes.',
  });
