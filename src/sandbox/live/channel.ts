import {type RawData, WebSocket} from 'ws';
import type {Faults} from '../faults/faults.js';
import {oddFrames, oddMessages} from '../faults/malformed-frames.js';
import {seededCode, seededHash, seededNumber} from '../world/seeded.js';

/** Something that happened to the account, as its subscribers hear of it. */
export interface PoeEvent {
  readonly name: string;
  /** The chat it happened in; the viewer's id for what belongs to no chat. */
  readonly subject: number;
  readonly data: unknown;
}

interface Frame {
  readonly seq: number;
  readonly messages: readonly string[];
}

const keptFrames = 500;
const mostChannels = 100;
const firstSeq = 4_807_332_353;
const missedMessages = '{"error":"missed_messages"}';

/** One live channel: what it is subscribed to, the frames it sent, and the sockets that listen to it. */
export class Channel {
  readonly name: string;
  readonly hash: string;
  readonly boxName: string;
  readonly minSeq: number;
  readonly #faults: Faults;
  readonly #subscribed = new Set<string>();
  readonly #sockets = new Set<WebSocket>();
  #frames: Frame[] = [];
  /** What an even older listener would have missed. */
  #forgottenSeq: number;
  #seq: number;
  #noises = 0;

  constructor(turn: number, faults: Faults) {
    this.boxName = `chan${100 + (turn % 20)}-8888`;
    this.name = `poe-${this.boxName}-${seededCode(`channel ${turn}`, 20).replaceAll(/\d/g, (digit) => 'qwertzuiop'.charAt(Number(digit)))}`;
    this.hash = String(BigInt(`0x${seededHash(`channel ${turn}`).slice(0, 16)}`));
    this.minSeq = firstSeq + turn * 1000 + seededNumber(`seq ${turn}`, 900);
    this.#seq = this.minSeq;
    this.#forgottenSeq = this.minSeq;
    this.#faults = faults;
  }

  subscribe(names: readonly string[]): void {
    for (const name of names) this.#subscribed.add(name);
  }

  /** Sends, in one frame, those events that are subscribed to, and keeps them for listeners who come back. */
  publish(events: readonly PoeEvent[]): void {
    const messages = events.filter(({name}) => this.#subscribed.has(name)).map(written);
    if (messages.length === 0) return;
    this.#seq += messages.length;
    const frame = {seq: this.#seq, messages};
    this.#frames.push(frame);
    if (this.#frames.length > keptFrames) this.#forgottenSeq = this.#frames.shift()?.seq ?? this.#forgottenSeq;
    for (const socket of this.#sockets) this.#send(socket, frame);
  }

  /**
   * Adds a listener who has heard everything up to `minSeq`, and tells it the rest. Where the rest is not kept any more, it
   * is told so, and nothing else from then on.
   */
  listen(socket: WebSocket, minSeq: number): void {
    this.#endWhenIdle(socket);
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => answerPing(socket, data));
    if (minSeq < this.#forgottenSeq) {
      socket.send(missedMessages);
      return;
    }
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    for (const frame of this.#frames) if (frame.seq > minSeq) this.#send(socket, frame);
  }

  /** Ends the sockets, once what was sent has left. */
  cut(): void {
    for (const socket of this.#sockets) {
      this.#sockets.delete(socket);
      // Its callback comes when everything before it was written.
      socket.ping(undefined, undefined, () => socket.terminate());
    }
  }

  close(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  /** Tells the listeners why they will hear no more from this channel; their sockets stay open. */
  retire(why: 'missed' | 'refetch'): void {
    const refetch = JSON.stringify({
      messages: [JSON.stringify({message_type: 'refetchChannel'})],
      min_seq: this.#seq + 1,
    });
    for (const socket of this.#sockets) socket.send(why === 'missed' ? missedMessages : refetch);
  }

  #send(socket: WebSocket, {seq, messages}: Frame): void {
    if (!this.#faults.replies.malformed) {
      socket.send(JSON.stringify({messages, min_seq: seq}));
      return;
    }
    const odd = <T>(list: readonly T[]): T | undefined => list[this.#noises++ % list.length];
    socket.send(odd(oddFrames) ?? '');
    socket.send(JSON.stringify({messages: [odd(oddMessages), ...messages, odd(oddMessages), 5], min_seq: seq}));
    socket.send(odd(oddFrames) ?? '');
  }

  #endWhenIdle(socket: WebSocket): void {
    const timer = setTimeout(() => socket.terminate(), this.#faults.replies.idleLimitMs);
    const alive = () => void timer.refresh();
    socket
      .on('message', alive)
      .on('ping', alive)
      .on('close', () => clearTimeout(timer));
  }
}

/** The channels that are alive, newest last. */
export class Channels {
  readonly #faults: Faults;
  #alive: Channel[] = [];
  #turn = 0;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  open(): Channel {
    const channel = new Channel((this.#turn += 1), this.#faults);
    this.#alive.push(channel);
    if (this.#alive.length > mostChannels) this.#alive.shift()?.close();
    return channel;
  }

  find(name: string | undefined | null): Channel | undefined {
    return this.#alive.find((channel) => channel.name === name);
  }

  publish(events: readonly PoeEvent[]): void {
    for (const channel of this.#alive) channel.publish(events);
  }

  cut(): void {
    for (const channel of this.#alive) channel.cut();
  }

  retire(why: 'missed' | 'refetch'): void {
    for (const channel of this.#alive.splice(0)) channel.retire(why);
  }
}

const written = ({name, subject, data}: PoeEvent): string =>
  JSON.stringify({
    message_type: 'subscriptionUpdate',
    payload: {unique_id: `${name}:${subject}`, subscription_name: name, data: {[name]: data}},
  });

function answerPing(socket: WebSocket, data: RawData): void {
  const isPing = Buffer.isBuffer(data) && /^\s*\{\s*"type"\s*:\s*"ping"\s*\}\s*$/.test(data.toString('utf8'));
  if (isPing && socket.readyState === WebSocket.OPEN) socket.send('{"type":"pong"}');
}
