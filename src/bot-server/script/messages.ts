import type {RequestEntry} from '../serve-bot.js';

/* What the thread that runs a script and poe tell each other. */

/** How a script is run. */
export interface ScriptOptions {
  /** The URL of the script. */
  script: string;
  accessKey: string | null;
  port: number;
  host: string;
  apiUrl: string;
  uploadUrl: string | undefined;
  timeoutMs: number;
  /** The handle of the bot on Poe, if the script has one bot. */
  handle: string | undefined;
  /** Whether the settings of bots with a handle and a key are updated on Poe. */
  updatesSettings: boolean;
}

export interface ScriptBot {
  handle: string | null;
  path: string;
  url: string;
}

/** From the thread. */
export type FromScript =
  /** The script is loaded, and waits for `listen`. */
  | {type: 'loaded'}
  | {type: 'listening'; url: string; bots: ScriptBot[]}
  /** It could not start. */
  | {type: 'failed'; error: ScriptError}
  | {type: 'request'; entry: RequestEntry}
  /** A bot has thrown something. */
  | {type: 'thrown'; text: string}
  | {type: 'updated'; handle: string}
  | {type: 'not updated'; handle: string; message: string}
  /** The port is free, although replies may still be written. */
  | {type: 'closing'}
  | {type: 'closed'};

/** To the thread. */
export type ToScript = {type: 'listen'} | {type: 'close'; waitMs: number};

export interface ScriptError {
  /** A message for one line. */
  message: string;
  /** The code of a PoeError or of the system. */
  code: string | undefined;
  hint: string | undefined;
  /** Whether the script was loaded, and the server was to be started. */
  isListening: boolean;
  /** With the place in the script. */
  stack: string | undefined;
}
