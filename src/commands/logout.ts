import {Command} from 'commander';
import type {Context} from '../context.js';

export const logout = (context: Context) =>
  new Command('logout')
    .summary("forget a profile's tokens")
    .description("Forget a profile's tokens. The browser's session itself goes on.")
    .action(async () => {
      const store = await context.store();
      const {tokens} = await store.read(context.profile);
      if (tokens) await store.update(context.profile, () => ({}));
      (await context.cache()).forget();
      context.output.result(
        {profile: context.profile, method: tokens ? ('web' as const) : null},
        ({profile, method}) =>
          method
            ? `Logged out: the tokens of the profile ${profile} are gone from this machine`
            : `The profile ${profile} was not logged in`,
      );
    });
