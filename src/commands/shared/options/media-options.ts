import {type Command, InvalidArgumentError, Option} from 'commander';
import {onPage} from './option-pages.js';
import {parseCount} from './parse-count.js';

/** Options of a message to a bot that makes images, videos or audio. */
export interface MediaFlags {
  count?: number;
  size?: string;
  seconds?: number;
  voice?: string;
}

export function addMediaOptions(command: Command): Command {
  const options = [
    new Option('-n, --count <n>', 'Number of images to make').argParser(parseCount),
    new Option('--size <size>', 'Size of images or a video, such as 1280x720').argParser(size),
    new Option('--seconds <n>', 'Length of a video').argParser(parseCount),
    new Option('--voice <voice>', 'Voice of a bot that speaks'),
  ];
  for (const option of options) command.addOption(onPage(option, 'Message options'));
  return command;
}

/** The parameters of the bot that the options set, as texts. */
export function mediaParameters({count, size, seconds, voice}: MediaFlags): Record<string, string> {
  const values = Object.entries({n: count, size, seconds, voice});
  return Object.fromEntries(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
}

function size(value: string): string {
  if (/^(?:auto|[1-9]\d*x[1-9]\d*)$/.test(value)) return value;
  throw new InvalidArgumentError('Expected a width and a height in pixels, such as 1280x720.');
}
