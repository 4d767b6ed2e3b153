import {type RawData, WebSocket} from 'ws';
import type {Faults} from '../faults/faults.js';
import {malformedFrames, malformedMessages} from '../faults/malformed-frames.js';
import {seededCode, seededHash, seededNumber} from '../world/seeded.js';

/** A change to the account, as subscribers receive it. */
export interface PoeEvent {
  /** The subscription's name. */
  readonly name: string;
  /** The id of the chat, or of the viewer for events that belong to no chat. */
  readonly subject: number;
  readonly data: unknown;
}

/** The live channels that are open, newest last. */
export class Channels {
  readonly #faults: Faults;
  #open: Channel[] = [];
  #opened = 0;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** Opens a channel. The oldest one is closed when there are more than 100. */
  open(): Channel {
    const channel = new Channel((this.#opened += 1), this.#faults);
    this.#open.push(channel);
    if (this.#open.length > maxChannels) this.#open.shift()?.close();
    return channel;
  }

  find(name: string | undefined | null): Channel | undefined {
    return this.#open.find((channel) => channel.name === name);
  }

  publish(events: readonly PoeEvent[]): void {
    for (const channel of this.#open) channel.publish(events);
  }

  disconnect(): void {
    for (const channel of this.#open) channel.disconnect();
  }

  /** Invalidates all channels. Later events reach only channels opened from now on. */
  invalidate(reason: 'missed' | 'refetch'): void {
    for (const channel of this.#open.splice(0)) channel.invalidate(reason);
  }
}

/** A live channel: its subscriptions, the frames it sent and the sockets that listen to it. */
export class Channel {
  readonly name: string;
  readonly hash: string;
  readonly boxName: string;
  /** The position before its first frame. */
  readonly minSeq: number;
  readonly #faults: Faults;
  readonly #subscribed = new Set<string>();
  readonly #sockets = new Set<WebSocket>();
  #frames: Frame[] = [];
  /** The position of the newest frame that is no longer stored. */
  #droppedSeq: number;
  #seq: number;
  #malformedSent = 0;

  constructor(number: number, faults: Faults) {
    this.boxName = `chan${100 + (number % 20)}-8888`;
    this.name = `poe-${this.boxName}-${seededCode(`channel ${number}`, 20).replaceAll(/\d/g, (digit) => 'qwertzuiop'.charAt(Number(digit)))}`;
    this.hash = String(BigInt(`0x${seededHash(`channel ${number}`).slice(0, 16)}`));
    this.minSeq = firstSeq + number * 1000 + seededNumber(`seq ${number}`, 900);
    this.#seq = this.minSeq;
    this.#droppedSeq = this.minSeq;
    this.#faults = faults;
  }

  subscribe(names: readonly string[]): void {
    for (const name of names) this.#subscribed.add(name);
  }

  /** Sends the subscribed events in one frame, and stores it for listeners that reconnect. */
  publish(events: readonly PoeEvent[]): void {
    const messages = events.filter(({name}) => this.#subscribed.has(name)).map(toMessage);
    if (messages.length === 0) return;
    this.#seq += messages.length;
    const frame = {seq: this.#seq, messages};
    this.#frames.push(frame);
    if (this.#frames.length > maxFrames) this.#droppedSeq = this.#frames.shift()?.seq ?? this.#droppedSeq;
    for (const socket of this.#sockets) this.#send(socket, frame);
  }

  /**
   * Adds a listener and sends it the frames after `minSeq`. If some of them are no longer stored, it receives only
   * `missed_messages`.
   */
  listen(socket: WebSocket, minSeq: number): void {
    this.#disconnectWhenIdle(socket);
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => answerPing(socket, data));
    if (minSeq < this.#droppedSeq) {
      socket.send(missedMessages);
      return;
    }
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    for (const frame of this.#frames) if (frame.seq > minSeq) this.#send(socket, frame);
  }

  /** Terminates the sockets after everything already sent has been written. */
  disconnect(): void {
    for (const socket of this.#sockets) {
      this.#sockets.delete(socket);
      // The callback runs after all earlier data has been written.
      socket.ping(undefined, undefined, () => socket.terminate());
    }
  }

  close(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  /** Tells the listeners that the channel no longer works. Their sockets stay open. */
  invalidate(reason: 'missed' | 'refetch'): void {
    const refetch = JSON.stringify({
      messages: [JSON.stringify({message_type: 'refetchChannel'})],
      min_seq: this.#seq + 1,
    });
    for (const socket of this.#sockets) socket.send(reason === 'missed' ? missedMessages : refetch);
  }

  #send(socket: WebSocket, {seq, messages}: Frame): void {
    if (!this.#faults.replies.malformed) {
      socket.send(JSON.stringify({messages, min_seq: seq}));
      return;
    }
    const next = <T>(list: readonly T[]): T | undefined => list[this.#malformedSent++ % list.length];
    socket.send(next(malformedFrames) ?? '');
    socket.send(
      JSON.stringify({messages: [next(malformedMessages), ...messages, next(malformedMessages), 5], min_seq: seq}),
    );
    socket.send(next(malformedFrames) ?? '');
  }

  #disconnectWhenIdle(socket: WebSocket): void {
    const timer = setTimeout(() => socket.terminate(), this.#faults.replies.idleLimitMs);
    const restart = () => void timer.refresh();
    socket
      .on('message', restart)
      .on('ping', restart)
      .on('close', () => clearTimeout(timer));
  }
}

/** The response of `GET /api/settings` for a new channel. */
export const channelSettings = (channel: Channel, baseHost: string) => ({
  availableBots: null,
  isSandbox: true,
  tchannelData: {
    minSeq: String(channel.minSeq),
    channel: channel.name,
    channelHash: channel.hash,
    boxName: channel.boxName,
    baseHost,
    targetUrl: `http://${channel.boxName}.tch.${baseHost}/up/${channel.boxName}/updates`,
    enableWebsocket: true,
    isReconnectable: true,
  },
});

interface Frame {
  readonly seq: number;
  readonly messages: readonly string[];
}

const maxFrames = 500;
const maxChannels = 100;
const firstSeq = 4_807_332_353;
const missedMessages = '{"error":"missed_messages"}';

const toMessage = ({name, subject, data}: PoeEvent): string =>
  JSON.stringify({
    message_type: 'subscriptionUpdate',
    payload: {unique_id: `${name}:${subject}`, subscription_name: name, data: {[name]: data}},
  });

function answerPing(socket: WebSocket, data: RawData): void {
  const isPing = Buffer.isBuffer(data) && /^\s*\{\s*"type"\s*:\s*"ping"\s*\}\s*$/.test(data.toString('utf8'));
  if (isPing && socket.readyState === WebSocket.OPEN) socket.send('{"type":"pong"}');
}
