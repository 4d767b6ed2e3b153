import {Command, InvalidArgumentError} from 'commander';
import type {Context} from '../../context/context.js';
import type {Settings} from '../../core/model.js';
import type {Balance} from '../../core/account.js';
import {dollars, points} from '../../output/format/numbers.js';
import {dateTime, relativeTime} from '../../output/format/time.js';
import type {Backend} from '../../context/backend.js';

export const settings = (context: Context) =>
  new Command('settings')
    .summary('Show or change account settings')
    .description(
      'Show your default bot, points and account details. With an API key, show your points, their value in dollars and when you get more.',
    )
    .action(() => show(context))
    .addCommand(defaultBot(context))
    .addCommand(pointLimit(context));

const defaultBot = (context: Context) =>
  new Command('default-bot')
    .summary('Set the default bot')
    .description(
      'Set the bot that answers when you do not name one. With an API key, the setting is saved on this machine.',
    )
    .argument('<handle>', 'Bot handle or ID')
    .action(async (bot: string) => {
      if ((await context.via()) === 'api') {
        await context.official.setDefaultBot(bot, {signal: context.signal});
        return show(context);
      }
      const {account} = await context.web();
      await account.setDefaultBot(/^\d{1,15}$/.test(bot) ? Number(bot) : bot, {signal: context.signal});
      await show(context);
    });

const pointLimit = (context: Context) =>
  new Command('point-limit')
    .summary('Set the maximum points per message')
    .description(
      'Set how many points a message may cost before Poe asks for confirmation. This setting of poe.com needs a browser session and does not apply to an API key.',
    )
    .argument('<points>', 'Number of points', wholeNumber)
    .action(async (limit: number) => {
      const {account} = await context.web();
      await account.setPointLimit(limit, {signal: context.signal});
      await show(context, 'web');
    });

async function show(context: Context, way?: Backend): Promise<void> {
  if ((way ?? (await context.via())) === 'api') {
    const {account} = await context.api();
    const balance = await account.balance({signal: context.signal});
    return context.output.record(keySettings(balance, await context.official.defaultBot()), keyFields);
  }
  const {account} = await context.web();
  context.output.record(await account.settings({signal: context.signal}), fields);
}

/** In the form of poe.com's settings, as far as the API tells, and what it tells besides. */
const keySettings = (balance: Balance, bot: string | undefined) => ({
  ...balance,
  defaultBot: bot === undefined ? null : {displayName: bot, botId: null, id: null},
  messagePointInfo: {
    messagePointResetTime: balance.nextDailyGrant.time ?? balance.nextMonthlyGrant.time,
    messagePointBalance: balance.points,
    totalMessagePointAllotment: null,
    allChatDefaultPointPriceThresholdPerMessage: null,
  },
});

const keyFields = ({
  nextDailyGrant: daily,
  nextMonthlyGrant: monthly,
  defaultBot,
  ...balance
}: ReturnType<typeof keySettings>) =>
  [
    ['Default bot', defaultBot?.displayName ?? null],
    ['Points left', points(balance.points), balance.points],
    ['Of the plan', points(balance.planPoints), balance.planPoints],
    ['Bought', points(balance.addonPoints), balance.addonPoints],
    ['In dollars', balance.usd === null ? null : dollars(balance.usd), balance.usd],
    ['Next day', daily.points ? points(daily.points) : null, daily.points],
    ['They come', whenText(daily.time), daily.time],
    ['Next month', monthly.points ? points(monthly.points) : null, monthly.points],
    ['They come', whenText(monthly.time), monthly.time],
    ['Email', balance.email],
  ] as const;

const fields = ({defaultBot, messagePointInfo: info, ...settings}: Settings) => {
  const resetTime = info?.messagePointResetTime ?? null;
  return [
    ['Default bot', defaultBot?.displayName ?? null],
    ['Points left', points(info?.messagePointBalance ?? null), info?.messagePointBalance],
    ['Points in all', points(info?.totalMessagePointAllotment ?? null), info?.totalMessagePointAllotment],
    ['They return', whenText(resetTime), resetTime],
    [
      'Point limit',
      limitText(info?.allChatDefaultPointPriceThresholdPerMessage),
      info?.allChatDefaultPointPriceThresholdPerMessage,
    ],
    ['Email', settings.primaryEmail],
    ['Phone', settings.primaryPhoneNumber],
    ['Subscription', yesNo(settings.hasActiveSubscription)],
    ['Context optimization', yesNo(settings.enableGlobalContextOptimization)],
    ['Unread messages', yesNo(settings.hasUnreadMessage)],
    ['Country', settings.viewerCountryCode],
    ['Number', String(settings.uid)],
  ] as const;
};

function whenText(time: string | null): string | null {
  if (time === null) return null;
  const [exact, relative] = [dateTime(time), relativeTime(time)];
  return exact.startsWith(relative) ? exact : `${exact} (${relative})`;
}

const limitText = (limit: number | null | undefined) => (limit == null ? null : `${points(limit)} a message`);
const yesNo = (is: boolean | null) => (is === null ? null : is ? 'yes' : 'no');

function wholeNumber(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('Expected a whole number of points.');
}
