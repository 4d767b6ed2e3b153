import type {ErrorFacts, PoeError, Remedy} from '../core/errors.js';

/** What each remedy is at the shell: a command or an option. */
const remedies: Record<Remedy, (facts: ErrorFacts) => string> = {
  choose_bot: () => 'Choose another bot with -b.',
  attach: ({chat = 'last'}) => `Get the rest with: poe attach ${chat}`,
  retry_reply: ({chat = 'last'}) => `Ask again with: poe retry ${chat}`,
};

/** The next step to show under an error at the shell. */
export function shellHint({hint, facts}: PoeError): string | undefined {
  const remedy = facts.remedy && remedies[facts.remedy](facts);
  return [hint, remedy].filter(Boolean).join(' ') || undefined;
}
