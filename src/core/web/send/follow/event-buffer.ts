import type {ChannelEvent} from '../../live/frame.js';
import {messageIdIn} from './match-reply.js';

const maxEvents = 2_000;

/** Events that arrive before it is known which chat they must be in. Of each message, only the newest event is stored. */
export class EventBuffer {
  #events = new Map<string, ChannelEvent>();

  get size(): number {
    return this.#events.size;
  }

  add(event: ChannelEvent): void {
    const key = `${event.name}:${event.chatId}:${messageIdIn(event) ?? ''}`;
    const earlier = this.#events.get(key);
    this.#events.delete(key);
    if (this.#events.size < maxEvents) this.#events.set(key, earlier ? merge(earlier, event) : event);
  }

  /** Removes all events. @returns them, oldest first */
  drain(): ChannelEvent[] {
    const events = [...this.#events.values()];
    this.#events.clear();
    return events;
  }
}

/** The later event, with the fields it leaves out from the earlier one. */
function merge({data: earlier}: ChannelEvent, event: ChannelEvent): ChannelEvent {
  if (!isObject(event.data) || !isObject(earlier)) return event;
  const present = Object.entries(event.data).filter(([, value]) => value !== null);
  return {...event, data: {...earlier, ...Object.fromEntries(present)}};
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
