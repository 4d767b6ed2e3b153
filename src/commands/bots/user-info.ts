import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import type {User} from '../../core/model.js';

export const userInfo = (context: Context) =>
  new Command('user-info')
    .summary("Show a user's profile")
    .description('Show the name, followers and picture of a user.')
    .argument('<handle>', 'User handle')
    .action(async (handle: string) => {
      context.output.record(await context.client.users.info(handle, {signal: context.signal}), fields);
    });

const fields = (user: User) =>
  [
    ['Handle', user.handle],
    ['Name', user.fullName],
    ['Followers', user.followerCount === null ? null : user.followerCount.toLocaleString('en'), user.followerCount],
    ['Number', String(user.uid)],
    ['Picture', user.profilePhotoUrl],
  ] as const;
