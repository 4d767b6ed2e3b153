import type {OperationKey} from '../../core/web/protocol/operations.js';
import type {ChunkListSource, KeyLocation, NewVariable, SiteFacts, UploadMethod} from '../site/facts.js';
import type {FormKey} from '../site/form-key.js';
import type {Hashes} from '../site/hashes.js';
import {seededName} from '../world/seeded.js';

/** A response that replaces the correct one. `silence` never responds; `drop` closes the connection. */
export type FaultResponse =
  | 'html'
  | 'cloudflare'
  | 'empty-400'
  | 'server-error'
  | 'silence'
  | 'drop'
  | {status: number; body?: string | Buffer; headers?: Record<string, string>};

/** Requests with this path (without query; `/assets/*` matches everything below), this operation, or both. `{}` matches every request. */
export interface RequestMatch {
  path?: string;
  operation?: OperationKey;
}

type LostResponse = 'silence' | 'drop';

/** How live channels break: their sockets are closed, or they stop working with `missed_messages` or `refetchChannel`. */
type ChannelBreak = 'drop' | 'missed' | 'refetch';

const noFaults = () => ({
  socketsRefused: false,
  heldAfter: Number.POSITIVE_INFINITY,
  silentAfter: Number.POSITIVE_INFINITY,
  malformed: false,
  jobFirst: false,
  echoLate: false,
  eventsFirst: false,
  untitled: false,
  titleDelayMs: null as number | null,
  foreign: false,
  retriedAsNew: false,
  delayedCosts: 0,
  idleLimitMs: 60_000,
});

interface SignInFaults {
  isDenied: boolean;
  /** Sent as `api_key_expires_in`. */
  keySeconds: unknown;
  /** Null for none; undefined for the sandbox itself. */
  issuer: string | null | undefined;
}

/**
 * Changes and failures of the site, for tests. Each can be set while the sandbox runs. A "frame" here is one that carries a
 * bot's text: the first update of a reply is frame 1.
 */
export class Faults {
  readonly #facts: SiteFacts;
  readonly #formKey: FormKey;
  readonly #hashes: Hashes;
  #responses: {match: RequestMatch; response: FaultResponse; once: boolean}[] = [];
  #lostResponses: {operation: OperationKey; how: LostResponse}[] = [];
  #delays: {operation: OperationKey; until: RequestMatch; run?: () => void}[] = [];
  #breaks: {kind: ChannelBreak; framesLeft: number}[] = [];
  #replies = noFaults();
  #signIn: SignInFaults = {isDenied: false, keySeconds: null, issuer: undefined};
  #renames = 1;

  constructor(facts: SiteFacts, formKey: FormKey, hashes: Hashes) {
    this.#facts = facts;
    this.#formKey = formKey;
    this.#hashes = hashes;
  }

  /** Replaces the form key. The site rejects the old one. */
  rotateFormKey(): void {
    this.#formKey.rotate();
  }

  /** Gives an operation a new hash, in the scripts too, and rejects the old one. @returns the new hash */
  rotateHash(key: OperationKey): string {
    return this.#hashes.rotate(key);
  }

  /** Gives a subscription a new hash, in the scripts too, and rejects the old one. */
  rotateSubscription(name: string): void {
    this.#hashes.rotateSubscription(name);
  }

  /** Removes an operation from the scripts. Its hash stays valid. */
  hideHash(key: OperationKey): void {
    this.#hashes.hide(key);
  }

  /** Reorders the characters of tag ids: character `i` becomes the digest's character `positions[i]`. */
  permuteTag(positions: readonly number[]): void {
    this.#facts.tagPositions = positions;
  }

  /** Renames the functions of the page's scripts. */
  renameFunctions(): void {
    this.#renames += 1;
    this.#facts.keyFunction = seededName(`key function ${this.#renames}`, 17);
    this.#facts.signatureFunction = seededName(`signature function ${this.#renames}`, 17);
  }

  /** Moves the script with the form key, and replaces the key. */
  moveKeyScript(location: KeyLocation): void {
    this.#facts.keyLocation = location;
    this.#formKey.rotate();
  }

  /** Lists the chunk with the hashes only here. */
  listChunksIn(source: ChunkListSource): void {
    this.#facts.chunkListSource = source;
  }

  /** Removes a variable from the send operation, which gets a new hash. */
  dropVariable(name: NewVariable): void {
    this.#facts.sendVariables = this.#facts.sendVariables.filter((variable) => variable !== name);
    this.#hashes.rotate('sendMessage');
  }

  /** Executes no operation without this header. */
  requireHeader(name: string): void {
    this.#facts.requiredHeaders = [...this.#facts.requiredHeaders, name];
  }

  /** Accepts files only by this method. */
  setUploadMethod(method: UploadMethod): void {
    this.#facts.uploadMethod = method;
  }

  /** Accepts the parameters of bots only as an object. */
  takeParametersAsObject(): void {
    this.#facts.takesParametersAsObject = true;
  }

  /** Omits fields with this name from all responses. */
  dropField(name: string): void {
    this.#facts.removedFields = [...this.#facts.removedFields, name];
  }

  /** Gives the next matching request this response and executes nothing. Several calls are used up in order. */
  respondOnce(match: RequestMatch, response: FaultResponse): void {
    this.#responses.push({match, response, once: true});
  }

  /** Gives every matching request this response and executes nothing. */
  respondAlways(match: RequestMatch, response: FaultResponse): void {
    this.#responses.push({match, response, once: false});
  }

  /** Executes the next such operation and publishes its events, but does not send the response. */
  loseResponseOnce(operation: OperationKey, how: LostResponse): void {
    this.#lostResponses.push({operation, how});
  }

  /** Closes the connection of the next such operation, and executes it only after another request has been answered. */
  executeLate(operation: OperationKey, until: RequestMatch): void {
    this.#delays.push({operation, until});
  }

  /** Closes all sockets once after so many frames, counted over all replies. Reconnecting works. */
  dropSocketAfter(frames: number): void {
    this.#breaks.push({kind: 'drop', framesLeft: frames});
  }

  /** After so many frames, sends `missed_messages` once and invalidates all channels. Later events reach only new channels. */
  missedMessages(frames = 1): void {
    this.#breaks.push({kind: 'missed', framesLeft: frames});
  }

  /** The same with `refetchChannel`. */
  refetchChannel(frames = 1): void {
    this.#breaks.push({kind: 'refetch', framesLeft: frames});
  }

  /** Answers every attempt to open a socket with HTTP 503. Open sockets stay open. */
  refuseSockets(on = true): void {
    this.#replies.socketsRefused = on;
  }

  /** Writes only so many frames of each reply; the rest follows after `clear()`. So a reply cannot end before a test stops it. */
  holdAfter(frames: number): void {
    this.#replies.heldAfter = frames;
  }

  /** Publishes only so many frames of each reply and not its end. The reply still completes on the site. */
  silentAfter(frames: number): void {
    this.#replies.silentAfter = frames;
  }

  /** Mixes malformed frames and messages with the correct ones: broken JSON, unknown objects, unusual events, binary frames. */
  malformedFrames(on = true): void {
    this.#replies.malformed = on;
  }

  /** Publishes the end of the job before the last text. */
  jobBeforeText(on = true): void {
    this.#replies.jobFirst = on;
  }

  /** Publishes the user's own message after the bot's first text. */
  lateEcho(on = true): void {
    this.#replies.echoLate = on;
  }

  /** Publishes all events before the response to the mutation. */
  eventsBeforeAnswer(on = true): void {
    this.#replies.eventsFirst = on;
  }

  /** Gives new chats no title. */
  noTitle(on = true): void {
    this.#replies.untitled = on;
  }

  /** Publishes the title of a new chat this long after the reply, at any pace. */
  titleDelayMs(ms: number): void {
    this.#replies.titleDelayMs = ms;
  }

  /** Mixes unrelated events with those of a reply: of other chats, and of older messages of the same chat. */
  foreignEvents(on = true): void {
    this.#replies.foreign = on;
  }

  /** Replaces a retried message with a new one. Otherwise the bot rewrites the same message. */
  retryAsNewMessage(on = true): void {
    this.#replies.retriedAsNew = on;
  }

  /** Reports the cost of bots' messages as unknown for the next so many requests. */
  delayCosts(times: number): void {
    this.#replies.delayedCosts = times;
  }

  /** Closes sockets after this time without data; 60 s by default, as on Poe. Applies to sockets opened from now on. */
  idleLimitMs(ms: number): void {
    this.#replies.idleLimitMs = ms;
  }

  /** Makes the user deny access when a program signs in with Poe. */
  denySignIn(): void {
    this.#signIn.isDenied = true;
  }

  /** Names another issuer in redirects, or none. By default it is the sandbox. */
  nameIssuer(issuer: string | null): void {
    this.#signIn.issuer = issuer;
  }

  /** Issues API keys that expire after so many seconds, in the form they are sent. By default they do not expire. */
  expireKeysAfter(seconds: unknown): void {
    this.#signIn.keySeconds = seconds;
  }

  /** Ends all faults. Changed facts of the site (form key, hashes, tag ids and so on) and sign-in settings stay changed. */
  clear(): void {
    this.#responses = [];
    this.#lostResponses = [];
    this.#delays = [];
    this.#breaks = [];
    this.#replies = noFaults();
  }

  /** @internal The current faults of replies and sockets. */
  get replies(): Readonly<ReturnType<typeof noFaults>> {
    return this.#replies;
  }

  /** @internal The current faults of signing in. */
  get signIn(): Readonly<SignInFaults> {
    return this.#signIn;
  }

  /** @internal The response that replaces the correct one for this request. */
  takeResponse(path: string, operation: OperationKey | undefined): FaultResponse | undefined {
    const match = this.#responses.find((entry) => matches(entry.match, path, operation));
    if (match?.once) this.#responses.splice(this.#responses.indexOf(match), 1);
    return match?.response;
  }

  /** @internal Whether to report a cost as unknown this time. */
  takeDelayedCost(): boolean {
    if (this.#replies.delayedCosts <= 0) return false;
    this.#replies.delayedCosts -= 1;
    return true;
  }

  /** @internal How the response to this operation is lost. */
  takeLostResponse(operation: OperationKey): LostResponse | undefined {
    const match = this.#lostResponses.find((entry) => entry.operation === operation);
    if (match) this.#lostResponses.splice(this.#lostResponses.indexOf(match), 1);
    return match?.how;
  }

  /** @internal Whether this operation is executed late. @param run executes it */
  delays(operation: OperationKey | undefined, run: () => void): boolean {
    const delay = this.#delays.find((entry) => entry.operation === operation && !entry.run);
    if (delay) delay.run = run;
    return delay !== undefined;
  }

  /** @internal A request was answered: executes the operations that waited for it. */
  answered(path: string, operation: OperationKey | undefined): void {
    const due = this.#delays.filter(({run, until}) => run && matches(until, path, operation));
    this.#delays = this.#delays.filter((delay) => !due.includes(delay));
    for (const {run} of due) run?.();
  }

  /** @internal The breaks that are due. */
  takeBreaks(): ChannelBreak[] {
    const due = this.#breaks.filter(({framesLeft}) => framesLeft <= 0);
    this.#breaks = this.#breaks.filter(({framesLeft}) => framesLeft > 0);
    return due.map(({kind}) => kind);
  }

  /** @internal Counts a frame. */
  countFrame(): void {
    for (const pending of this.#breaks) pending.framesLeft -= 1;
  }
}

const matches = (match: RequestMatch, path: string, operation: OperationKey | undefined): boolean =>
  (match.operation === undefined || match.operation === operation) &&
  (match.path === undefined ||
    (match.path.endsWith('*') ? path.startsWith(match.path.slice(0, -1)) : path === match.path));
