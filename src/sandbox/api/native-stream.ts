import type {ServerResponse} from 'node:http';
import {relayNative} from '../server-bots/relay-native.js';
import {breakOff, pauseBetweenEvents, write} from './reply-stream.js';
import {type NativeEvent, nativeReply} from './native-bots.js';
import type {NativeRequest} from './native-request.js';

/**
 * Answers in Poe's own protocol with named events. The stream is as difficult as the format allows: CRLF line ends, comments
 * and pings between events, and characters split over two writes. @returns the status
 */
export async function streamNative(
  request: NativeRequest,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  pace: number,
): Promise<number> {
  if (request.relay) return relayNative(request.relay.server, request.relay.body, response, headers);
  response.writeHead(200, {...headers, 'Content-Type': 'text/event-stream; charset=utf-8'});
  await writeEvents(nativeReply(request), response, pace);
  return 200;
}

async function writeEvents(events: readonly NativeEvent[], response: ServerResponse, pace: number): Promise<void> {
  await write(response, ': connected\r\n\r\n' + eventText('ping', {}));
  if (events[0]?.event !== 'error') {
    await write(response, eventText('meta', {content_type: 'text/markdown', linkify: true, suggested_replies: true}));
  }
  for (const next of events) {
    if (response.destroyed) return;
    await pauseBetweenEvents(pace);
    if (next.event === 'end') return breakOff(response, next.how);
    await write(response, eventText(next.event, next.data));
    if (next.event === 'error') return void response.end();
    await write(response, ': still there\r\n\r\n');
  }
  response.end(eventText('done', {}));
}

const eventText = (name: Exclude<NativeEvent['event'], 'end'> | 'ping' | 'meta' | 'done', data: object) =>
  `event: ${name}\r\ndata: ${JSON.stringify(data)}\r\n\r\n`;
