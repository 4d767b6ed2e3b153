import {Command} from 'commander';
import type {Context} from '../../context/context.js';

export const follow = (context: Context) =>
  new Command('follow')
    .summary('Follow a user')
    .description('Follow a user on Poe.')
    .argument('<user>', 'User handle or ID')
    .action(async (user: string) => {
      const {users} = await context.web();
      await users.follow(named(user), {signal: context.signal});
      context.output.result({following: true}, () => `Following ${user}`);
    });

export const unfollow = (context: Context) =>
  new Command('unfollow')
    .summary('Unfollow a user')
    .description('Stop following a user on Poe.')
    .argument('<user>', 'User handle or ID')
    .action(async (user: string) => {
      const {users} = await context.web();
      await users.unfollow(named(user), {signal: context.signal});
      context.output.result({following: false}, () => `No longer following ${user}`);
    });

/** Digits are a number, anything else a handle. */
const named = (user: string): string | number => (/^\d{1,15}$/.test(user) ? Number(user) : user);
