import {PoeError} from '../core/errors.js';

/** The URL of a server that a variable of the environment sets. @throws PoeError `usage` if it is no URL */
export function serverUrl(url: string, {variable, example}: {variable: string; example: string}): string {
  if (URL.canParse(url)) return url;
  throw new PoeError('usage', `${JSON.stringify(url)} is not a URL`, {
    hint: `Correct ${variable}: write the whole URL, such as ${example}.`,
  });
}
