import {type Command, Option} from 'commander';
import {settings} from '../../../context/settings/definitions.js';
import {settingParser} from './setting-parser.js';

/** Created once and added to every command. */
export const globalOptions: readonly Option[] = [
  new Option('--json', 'Print results as JSON to stdout and errors as JSON to stderr'),
  new Option('-q, --quiet', 'Hide notes'),
  new Option('-v, --verbose', 'Log requests to stderr, with secrets redacted'),
  new Option('--no-color', 'Disable color'),
  new Option('--images <when>', 'Show images on the terminal: auto or off').choices(settings.images.choices),
  new Option('--profile <name>', 'Account to use, if you saved several'),
  new Option('--via <backend>', 'Backend: web (browser session) or api (API key)').choices(settings.via.choices),
  new Option('--sandbox', 'Use a built-in simulated Poe: no account, no network'),
  new Option('--timeout <seconds>', 'Give up after this many seconds without data (default: 120)').argParser(
    settingParser('timeout'),
  ),
  new Option('--api-key [key]', 'API key (prefer POE_API_KEY or poe login --api-key)'),
  new Option('--p-b <cookie>', 'Session cookie p-b (prefer POE_P_B or poe login)'),
  new Option('--p-lat <cookie>', 'Session cookie p-lat (prefer POE_P_LAT or poe login)'),
  new Option('--formkey <key>', 'Form key of the session (default: detected)'),
  new Option('--site-file <path>', 'Site facts to start from, written by poe doctor --export-site'),
  // Spelling of poe-api-rust.
  new Option('--fromkey <key>').hideHelp(),
];

export const isGlobalOption = (option: Option): boolean => globalOptions.includes(option);

export function addGlobalOptions(command: Command): Command {
  for (const option of globalOptions) command.addOption(option);
  return command;
}
