import type {Chat} from '../model.js';
import type {VideoJob} from '../reply.js';

/** A message in the journal, whose reply has not been received completely. */
export interface UnfinishedReply {
  /** Null for a message that Poe has not confirmed. */
  chat: Chat | null;
  /** The bot's handle. */
  bot: string;
  /**
   * `sending` until Poe has confirmed the message, also if this was never learned; then `writing`, or the state of a video.
   * `complete`: the reply can be fetched with `messages.attach`. `failed`: there is nothing to fetch. `unknown`: Poe could not be asked.
   */
  state: 'sending' | 'writing' | 'queued' | 'in_progress' | 'complete' | 'failed' | 'unknown';
  /** How far a video is; null if Poe does not say. */
  percent: number | null;
  /** ISO 8601. */
  startedAt: string;
  via: 'web' | 'api';
  job?: VideoJob;
}
