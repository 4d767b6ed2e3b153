import type {ServerResponse} from 'node:http';
import type {ReplyWriter} from '../serve-backend.js';
import {respond, startEvents} from './respond.js';
import type {Exchange} from './route.js';

/** Writes the answer of a bot to a program. @param stalledMs how long the program may not read */
export function replyWriter(
  {response, facts}: Pick<Exchange, 'response' | 'facts'>,
  {stalledMs}: {stalledMs: number},
): ReplyWriter {
  return {
    json: (body, {headers} = {}) => respond(response, 'application/json', JSON.stringify(body), {headers}),
    jsonText: (body, {headers} = {}) => respond(response, 'application/json', body, {headers}),
    startEvents: ({headers} = {}) => startEvents(response, headers),
    write(events) {
      facts.events = {first: facts.events?.first ?? events, last: events};
      return response.write(events) ? undefined : drained(response, stalledMs);
    },
    end: () => void response.end(),
    cost(points) {
      facts.points = points;
    },
  };
}

/** Waits until the program has read what was written. A program that does not read is disconnected. */
function drained(response: ServerResponse, stalledMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('The program has disconnected'));
    if (response.destroyed) return gone();
    const timer = setTimeout(() => response.destroy(), stalledMs);
    const onDrain = () => {
      clearTimeout(timer);
      response.off('close', onClose);
      resolve();
    };
    const onClose = () => {
      clearTimeout(timer);
      response.off('drain', onDrain);
      gone();
    };
    response.once('drain', onDrain).once('close', onClose);
  });
}
