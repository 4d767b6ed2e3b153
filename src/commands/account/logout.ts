import {rmSync} from 'node:fs';
import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {promptHistoryPath} from '../../context/prompt-history-path.js';

export const logout = (context: Context) =>
  new Command('logout')
    .summary('Remove saved credentials')
    .description(
      'Remove the cookies, API key and chat input history of a profile from this machine. The browser session stays logged in, and the key stays valid until you delete it on poe.com.',
    )
    .action(async () => {
      const store = await context.store();
      const {tokens, apiKey} = await store.read(context.profile);
      const method = tokens ? 'web' : apiKey === undefined ? null : 'api-key';
      if (method) await store.update(context.profile, () => ({}));
      await context.forget('all');
      const inputHistory = await promptHistoryPath(context);
      if (inputHistory !== undefined) rmSync(inputHistory, {force: true});
      context.output.summary({profile: context.profile, method}, ({profile, method}) =>
        method ? `Logged out of the profile ${profile}` : `The profile ${profile} was not logged in`,
      );
    });
