import {type Command, InvalidArgumentError, Option} from 'commander';

/** The options that every command takes. */
export interface GlobalOptions {
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  /** False for `--no-color`. */
  color?: boolean;
  profile?: string;
  sandbox?: boolean;
  /** Seconds. */
  timeout?: number;
  pB?: string;
  pLat?: string;
  formkey?: string;
  siteFile?: string;
  /** True where no key follows it. */
  apiKey?: string | true;
  via?: 'web' | 'api';
}

function seconds(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !(number > 0) || number > 86_400) {
    throw new InvalidArgumentError('Give a number of seconds, more than 0 and at most 86400.');
  }
  return number;
}

/** Made once: there are more than thirty commands, and each takes them. */
const options = [
  new Option('--json', 'print the result as JSON, and errors as JSON on stderr'),
  new Option('-q, --quiet', 'no notes'),
  new Option('-v, --verbose', 'say what is asked of Poe and how long it takes; secrets are never shown'),
  new Option('--no-color', 'no colours'),
  new Option('--profile <name>', 'the account to use, where there are several (POE_PROFILE)'),
  new Option('--sandbox', 'use a built-in stand-in of poe.com: no account, nothing leaves the machine'),
  new Option('--timeout <seconds>', 'silence allowed from Poe (default: 120)').argParser(seconds),
  new Option('--p-b <cookie>', 'the session cookie p-b (better: POE_P_B, or poe login)'),
  new Option('--p-lat <cookie>', 'the session cookie p-lat (better: POE_P_LAT, or poe login)'),
  new Option('--formkey <key>', 'the form key (better: leave it out, poe finds it)'),
  new Option('--site-file <path>', 'facts about the site to begin with, as poe doctor --export-site writes them'),
  new Option('--api-key [key]', "a key of Poe's API (better: POE_API_KEY, or poe login --api-key)"),
  new Option(
    '--via <way>',
    "by the browser's session or by Poe's API (default: the API, if there is a key that was not said farther away)",
  ).choices(['web', 'api']),
  // The spelling of poe-api-rust.
  new Option('--fromkey <key>').hideHelp(),
].map((option) => option.helpGroup('Options of every command:'));

/** Adds them, under a heading of their own. */
export function addGlobalOptions(command: Command): Command {
  for (const option of options) command.addOption(option);
  return command;
}
