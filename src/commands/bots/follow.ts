import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {type Id, parseId} from '../../core/names/id.js';

export const follow = (context: Context) =>
  new Command('follow')
    .summary('Follow a user')
    .description('Follow a user on Poe.')
    .argument('<user>', 'User handle or ID')
    .action(async (user: string) => {
      await context.client.users.follow(userName(user), {signal: context.signal});
      context.output.summary({following: true}, () => `Following ${user}`);
    });

export const unfollow = (context: Context) =>
  new Command('unfollow')
    .summary('Unfollow a user')
    .description('Stop following a user on Poe.')
    .argument('<user>', 'User handle or ID')
    .action(async (user: string) => {
      await context.client.users.unfollow(userName(user), {signal: context.signal});
      context.output.summary({following: false}, () => `No longer following ${user}`);
    });

/** Digits are a uid, anything else is a handle. */
const userName = (user: string): Id => parseId(user) ?? user;
