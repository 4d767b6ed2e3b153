import type {Option} from 'commander';

/**
 * Options that have a page of help of their own, because the help of their command has no room for them. Each group is the
 * heading that commander knows an option by.
 */
export const optionPages = {
  'Bot options': {
    page: 'bot-options',
    summary: 'List options for the bot',
    description: 'List the options of send, chat and retry that change how the bot replies.',
    command: 'send',
    note: 'retry accepts all but --system and --temporary. To list the parameters of a bot: poe bot-info <bot> --params',
  },
  'Message options': {
    page: 'message-options',
    summary: 'List options for the message',
    description:
      'List the options of send that change what is sent, what media the bot makes, or what happens with the reply.',
    command: 'send',
    note: 'To list the IDs of messages: poe history show --ids <chat>',
  },
  Filters: {
    page: 'filters',
    summary: 'List filters for bots',
    description:
      'List the options of explore that choose and sort bots. With a browser session, those by price and --sort new work.',
    command: 'explore',
    note: 'Several filters are combined: only bots that match all of them are listed.',
  },
} as const;

export type OptionPage = keyof typeof optionPages;

/** Moves an option to a page. */
export const onPage = (option: Option, page: OptionPage): Option => option.helpGroup(page);

export const pageOf = ({helpGroupHeading: heading}: Option): OptionPage | undefined =>
  heading !== undefined && Object.hasOwn(optionPages, heading) ? (heading as OptionPage) : undefined;
