import {finalCodes, finalCode} from '../errors/failed-response.js';
import {fieldsOf, parseJson} from '../../core/http/json.js';

/**
 * Changes the event of a failed response so that codex does not send the request again: Poe may have charged for it.
 * @param lines whole lines of a stream of OpenAI's Responses
 */
export function withFinalFailure(lines: Uint8Array): Uint8Array {
  const buffer = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
  if (!buffer.includes('response.failed')) return lines;
  return Buffer.from(buffer.toString('utf8').split('\n').map(changed).join('\n'));
}

function changed(line: string): string {
  const event = dataOf(line);
  const response = fieldsOf(event['response']);
  const error = fieldsOf(response['error']);
  if (event['type'] !== 'response.failed' || finalCodes.has(String(error['code']))) return line;
  return `data: ${JSON.stringify({...event, response: {...response, error: {...error, code: finalCode}}})}`;
}

/** The message of an error at the end of a stream; undefined if the stream has another end. @param tail its last lines */
export function finalError(tail: string): string | undefined {
  const events = tail.split('\n').map(dataOf);
  const {type, error, message} = events.findLast((event) => event['type'] !== undefined) ?? {};
  if (type !== 'error') return undefined;
  return [fieldsOf(error)['message'], message].find((text) => typeof text === 'string') ?? '';
}

/** The fields of an event; none for another line. */
const dataOf = (line: string): Readonly<Record<string, unknown>> =>
  line.startsWith('data:') ? fieldsOf(parseJson(line.slice('data:'.length))) : {};
