/** The name of the server in all configurations. */
export const serverName = 'poe';

/** A new text of a configuration. */
export interface Change {
  text: string;
  /** What was inserted, in one piece; undefined if something was replaced instead. */
  inserted?: string | undefined;
}

/** A kind of configuration. Each function throws InvalidConfig for a text that it does not understand. */
export interface ConfigFormat {
  /** The value of the server; undefined if it is not configured. */
  find(text: string, key: string): unknown;
  /** Adds the server to a text that does not have it. */
  insert(text: string, key: string, value: Record<string, unknown>): Change;
  /** Replaces the value of the server. */
  replace(text: string, key: string, value: Record<string, unknown>): string;
  /**
   * Removes the server and nothing else.
   * @param options.isOwnKey whether poe has added the object around it, which is then removed if nothing else is in it
   */
  remove(text: string, key: string, options?: {isOwnKey: boolean}): string;
  /** The text as data, to compare it. */
  parse(text: string): unknown;
}

/** A configuration that is broken, or not as expected. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';

  /** @param line and column from 1; undefined if they are not known */
  constructor(
    message: string,
    readonly line?: number,
    readonly column?: number,
  ) {
    super(message);
  }
}

/** The end of lines in a text. */
export const lineEnd = (text: string): string => (/\r\n/.test(text) ? '\r\n' : '\n');
