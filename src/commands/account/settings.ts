import {Command, InvalidArgumentError} from 'commander';
import type {Context} from '../../context/context.js';
import type {Settings} from '../../core/model.js';
import type {ApiSettings} from '../../core/account.js';
import type {Backend} from '../../core/errors.js';
import {dollars, points} from '../../output/format/numbers.js';
import type {Field} from '../../output/list/record.js';
import {dateTime, relativeTime} from '../../output/format/time.js';
import {rechargeText} from '../shared/view/recharge.js';
import {parseId} from '../../core/names/id.js';

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
      const {account} = context.client;
      await account.setDefaultBot(parseId(bot) ?? bot, {signal: context.signal});
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
      await context.client.account.setPointLimit(limit, {signal: context.signal});
      await show(context, {via: 'web'});
    });

async function show(context: Context, {via}: {via?: Backend} = {}): Promise<void> {
  const settings = await context.client.account.settings({via, signal: context.signal});
  context.output.record(settings, settingsFields);
}

const settingsFields = (settings: Settings | ApiSettings): readonly Field[] =>
  'uid' in settings ? webFields(settings) : apiFields(settings);

const webFields = ({defaultBot, messagePointInfo: info, ...settings}: Settings): readonly Field[] => {
  const resetTime = info?.messagePointResetTime ?? null;
  return [
    ['Default bot', defaultBot?.displayName ?? null],
    ['Points left', points(info?.messagePointBalance ?? null), info?.messagePointBalance],
    ['Points in total', points(info?.totalMessagePointAllotment ?? null), info?.totalMessagePointAllotment],
    ['Next reset', whenText(resetTime), resetTime],
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
    ['ID', String(settings.uid)],
  ];
};

const apiFields = ({nextDailyGrant: daily, nextMonthlyGrant: monthly, ...settings}: ApiSettings): readonly Field[] => [
  ['Default bot', settings.defaultBot?.displayName ?? null],
  ['Points left', points(settings.points), settings.points],
  ['Of the plan', withDollars(settings.planPoints, settings.planUsd), settings.planPoints],
  ['Add-on', withDollars(settings.addonPoints, settings.addonUsd), settings.addonPoints],
  ['Value', settings.usd === null ? null : dollars(settings.usd), settings.usd],
  ['Daily grant', daily.points ? points(daily.points) : null, daily.points],
  ['Next daily grant', whenText(daily.time), daily.time],
  ['Monthly grant', monthly.points ? points(monthly.points) : null, monthly.points],
  ['Next monthly grant', whenText(monthly.time), monthly.time],
  [
    'Auto-recharge',
    settings.autoRecharge && rechargeText(settings.autoRecharge),
    settings.autoRecharge?.isOn ? 'on' : settings.autoRecharge ? 'off' : null,
  ],
  ['Email', settings.email],
];

const withDollars = (count: number | null, usd: number | null): string =>
  usd === null || count === null ? points(count) : `${points(count)} (${dollars(usd)})`;

function whenText(time: string | null): string | null {
  if (time === null) return null;
  const [exact, relative] = [dateTime(time), relativeTime(time)];
  return exact.startsWith(relative) ? exact : `${exact} (${relative})`;
}

const limitText = (limit: number | null | undefined) => (limit == null ? null : `${points(limit)} per message`);
const yesNo = (is: boolean | null) => (is === null ? null : is ? 'yes' : 'no');

function wholeNumber(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('Expected a whole number of points.');
}
