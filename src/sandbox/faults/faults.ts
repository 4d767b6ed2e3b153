import type {OperationKey} from '../../core/web/protocol/operations.js';
import type {ChunkList, KeyPlace, NewerVariable, Rules, UploadWay} from '../site/facts.js';
import type {FormKey} from '../site/form-key.js';
import type {Hashes} from '../site/hashes.js';

/** An answer that stands in for the right one. `silence` never answers; `drop` cuts the connection. */
export type FaultResponse =
  | 'html'
  | 'cloudflare'
  | 'empty-400'
  | 'server-error'
  | 'silence'
  | 'drop'
  | {status: number; body?: string; headers?: Record<string, string>};

/** Which requests: of this path (without query; `/assets/*` means all below), of this operation, or both. Neither means every one. */
export interface Match {
  path?: string;
  operation?: OperationKey;
}

type Loss = 'silence' | 'drop';

/** What becomes of the live channel when enough of a reply was sent. */
export type Break = 'drop' | 'missed' | 'refetch';

const calm = () => ({
  socketsRefused: false,
  silentAfter: Number.POSITIVE_INFINITY,
  malformed: false,
  jobFirst: false,
  echoLate: false,
  eventsFirst: false,
  untitled: false,
  titleDelayMs: null as number | null,
  foreign: false,
  retriedAsNew: false,
  costsLate: 0,
  idleLimitMs: 60_000,
});

/**
 * What goes wrong on the site, for tests; each can be set while it runs. "Frames" are those that carry the bot's text:
 * its first update is frame 1.
 */
export class Faults {
  readonly #formKey: FormKey;
  readonly #hashes: Hashes;
  readonly #rules: Rules;
  #answers: {match: Match; answer: FaultResponse; once: boolean}[] = [];
  #losses: {operation: OperationKey; how: Loss}[] = [];
  #breaks: {kind: Break; framesLeft: number}[] = [];
  #replies = calm();

  constructor(formKey: FormKey, hashes: Hashes, rules: Rules) {
    this.#rules = rules;
    this.#formKey = formKey;
    this.#hashes = hashes;
  }

  /** The site has a new form key, and refuses the old one. */
  rotateFormKey(): void {
    this.#formKey.rotate();
  }

  /** The site has a new hash for an operation (its scripts tell it) and does not know the old one. @returns the new hash */
  rotateHash(key: OperationKey): string {
    return this.#hashes.rotate(key);
  }

  /** The site has a new hash for a subscription (its scripts tell it) and does not know the old one. */
  rotateSubscription(name: string): void {
    this.#hashes.rotateSubscription(name);
  }

  /** The site's scripts no longer tell of an operation, which is as it was. */
  hideHash(key: OperationKey): void {
    this.#hashes.hide(key);
  }

  /** The site has the characters of tag ids in other places: the digest's at `places[i]` comes to stand at `i`. */
  permuteTag(places: readonly number[]): void {
    this.#rules.tagPlaces = places;
  }

  /** The functions of the page's scripts have other names. */
  renameFunctions(): void {
    this.#rules.rename();
  }

  /** The script that hides the form key stands elsewhere, with a new key. */
  moveKeyScript(place: KeyPlace): void {
    this.#rules.keyPlace = place;
    this.#formKey.rotate();
  }

  /** The chunk that tells the hashes is named by this alone. */
  listChunksIn(list: ChunkList): void {
    this.#rules.chunkList = list;
  }

  /** A message no longer has this variable, and so another hash. */
  dropVariable(name: NewerVariable): void {
    this.#rules.sendTakes = this.#rules.sendTakes.filter((taken) => taken !== name);
    this.#hashes.rotate('sendMessage');
  }

  /** The site answers no operation without this header. */
  requireHeader(name: string): void {
    this.#rules.requiredHeaders = [...this.#rules.requiredHeaders, name];
  }

  /** The site takes files in this way only. */
  takeFiles(way: UploadWay): void {
    this.#rules.upload = way;
  }

  /** Fields of this name are no longer in any answer. */
  dropField(name: string): void {
    this.#rules.lacks = [...this.#rules.lacks, name];
  }

  /** The next matching request gets this answer, and nothing is executed. Several are used up in order. */
  respondOnce(match: Match, answer: FaultResponse): void {
    this.#answers.push({match, answer, once: true});
  }

  /** Every matching request gets this answer, and nothing is executed. */
  respondAlways(match: Match, answer: FaultResponse): void {
    this.#answers.push({match, answer, once: false});
  }

  /** The next such operation is executed, with all its events, but its answer never comes, or the connection is cut instead. */
  loseAnswerOnce(operation: OperationKey, how: Loss): void {
    this.#losses.push({operation, how});
  }

  /** Cuts all sockets, once, after so many frames, however many replies they are of. Reconnecting works. */
  dropSocketAfter(frames: number): void {
    this.#breaks.push({kind: 'drop', framesLeft: frames});
  }

  /** After so many frames, once, says `missed_messages` on the channels there are; they are dead from then on, and what follows goes to new ones only. */
  missedMessages(frames = 1): void {
    this.#breaks.push({kind: 'missed', framesLeft: frames});
  }

  /** The same with `refetchChannel`. */
  refetchChannel(frames = 1): void {
    this.#breaks.push({kind: 'refetch', framesLeft: frames});
  }

  /** Answers every attempt to open a socket with HTTP 503. Open ones stay. */
  refuseSockets(on = true): void {
    this.#replies.socketsRefused = on;
  }

  /** Of each reply only so many frames are sent, then nothing more, not even its end; it goes on in the world. */
  silentAfter(frames: number): void {
    this.#replies.silentAfter = frames;
  }

  /** Between and among the good frames come broken JSON, unknown objects, odd events and binary frames. */
  malformedFrames(on = true): void {
    this.#replies.malformed = on;
  }

  /** The job is said to be complete before the last text comes. */
  jobBeforeText(on = true): void {
    this.#replies.jobFirst = on;
  }

  /** The echo of the user's own message comes after the bot's first text. */
  lateEcho(on = true): void {
    this.#replies.echoLate = on;
  }

  /** Everything is sent over the socket before the mutation's HTTP answer. */
  eventsBeforeAnswer(on = true): void {
    this.#replies.eventsFirst = on;
  }

  /** New chats get no title. */
  noTitle(on = true): void {
    this.#replies.untitled = on;
  }

  /** The title of a new chat comes so long after the reply; the pace does not matter to it. */
  titleDelayMs(ms: number): void {
    this.#replies.titleDelayMs = ms;
  }

  /** Between the events of a reply come others: other chats' messages, titles, jobs and cancellations, and older messages of this chat. */
  foreignEvents(on = true): void {
    this.#replies.foreign = on;
  }

  /** A reply that is to be written anew is removed, and a new message takes its place; else the same message is written again. */
  retryAsNewMessage(on = true): void {
    this.#replies.retriedAsNew = on;
  }

  /** The next so many times that the cost of a bot's message is asked for, it is not known yet. */
  costsLate(times: number): void {
    this.#replies.costsLate = times;
  }

  /** How long a socket may be idle before it is cut; 60 s on the site. Counts for sockets that are opened from now on. */
  idleLimitMs(ms: number): void {
    this.#replies.idleLimitMs = ms;
  }

  /** All is well again. What the site has changed for good (form key, hashes, tag and their like) stays as it is. */
  clear(): void {
    this.#answers = [];
    this.#losses = [];
    this.#breaks = [];
    this.#replies = calm();
  }

  /** @internal How replies and sockets are to go wrong now. */
  get replies(): Readonly<ReturnType<typeof calm>> {
    return this.#replies;
  }

  /** @internal The answer that this request shall get instead of the right one. */
  takeAnswer(path: string, operation: OperationKey | undefined): FaultResponse | undefined {
    const found = this.#answers.find(({match}) => fits(match, path, operation));
    if (found?.once) this.#answers.splice(this.#answers.indexOf(found), 1);
    return found?.answer;
  }

  /** @internal Whether the cost that is asked for is not to be told this time. */
  takeLateCost(): boolean {
    if (this.#replies.costsLate <= 0) return false;
    this.#replies.costsLate -= 1;
    return true;
  }

  /** @internal How the answer to this operation gets lost. */
  takeLoss(operation: OperationKey): Loss | undefined {
    const found = this.#losses.find((loss) => loss.operation === operation);
    if (found) this.#losses.splice(this.#losses.indexOf(found), 1);
    return found?.how;
  }

  /** @internal Those breaks whose number of frames was sent. */
  takeBreaks(): Break[] {
    const due = this.#breaks.filter(({framesLeft}) => framesLeft <= 0);
    this.#breaks = this.#breaks.filter(({framesLeft}) => framesLeft > 0);
    return due.map(({kind}) => kind);
  }

  /** @internal One more frame was sent. */
  countFrame(): void {
    for (const coming of this.#breaks) coming.framesLeft -= 1;
  }
}

const fits = (match: Match, path: string, operation: OperationKey | undefined): boolean =>
  (match.operation === undefined || match.operation === operation) &&
  (match.path === undefined ||
    (match.path.endsWith('*') ? path.startsWith(match.path.slice(0, -1)) : path === match.path));
