import {Command} from 'commander';
import type {Context} from '../../context/context.js';

export const follow = (context: Context) =>
  new Command('follow')
    .summary('follow a person')
    .description('Follow a person on Poe.')
    .argument('<user>', "the person's handle or number")
    .action(async (user: string) => {
      const {users} = await context.web();
      await users.follow(named(user), {signal: context.signal});
      context.output.result({following: true}, () => `Following ${user}`);
    });

export const unfollow = (context: Context) =>
  new Command('unfollow')
    .summary('stop following a person')
    .description('Stop following a person on Poe.')
    .argument('<user>', "the person's handle or number")
    .action(async (user: string) => {
      const {users} = await context.web();
      await users.unfollow(named(user), {signal: context.signal});
      context.output.result({following: false}, () => `No longer following ${user}`);
    });

/** Digits are a number, anything else a handle. */
const named = (user: string): string | number => (/^\d{1,15}$/.test(user) ? Number(user) : user);
