import type {JsonObject} from '../serve-backend.js';
import type {UpstreamFailure} from './upstream-error.js';

/** Without these a request would mean something else, so an error about them is passed on. */
const essential: ReadonlySet<string> = new Set(
  'model messages input instructions system stream tools tool_choice response_format text'.split(' '),
);

const maxAgeMs = 86_400_000;

/** The fields that bots have rejected. They are tried again after a day. */
export class Rejections {
  readonly #fields = new Map<string, Map<string, number>>();

  /** @param bot with the format of the request */
  add(bot: string, field: string): void {
    const fields = this.#fields.get(bot) ?? new Map<string, number>();
    this.#fields.set(bot, fields.set(field, performance.now()));
  }

  /** A request without the fields that its bot has rejected before. */
  remove(bot: string, body: JsonObject): JsonObject {
    const fields = this.#fields.get(bot);
    if (!fields) return body;
    const now = performance.now();
    return Object.fromEntries(
      Object.entries(body).filter(([name]) => now - (fields.get(name) ?? Number.NEGATIVE_INFINITY) > maxAgeMs),
    );
  }
}

/**
 * The field that an error says the bot does not accept, such as `stream_options.include_usage`; undefined if it is about something
 * else, or about a field that must not be left out.
 */
export function rejectedPath({status, message, code, param}: UpstreamFailure): string | undefined {
  if (status !== 400 && status !== 422) return undefined;
  const path = pathIn(message, code, param);
  return path === undefined || essential.has(path) ? undefined : path;
}

function pathIn(message: string, code: string, param: string): string | undefined {
  // Anthropic's format, by Pydantic.
  const [, extra] = /(?:^|\s)([\w.]+): Extra inputs are not permitted/.exec(message) ?? [];
  if (extra !== undefined) return extra;
  const [, unknown] =
    /(?:unknown|unsupported|unrecognized) (?:parameter|value|argument|request argument supplied)s?:? ['"`]?([\w.]+)/i.exec(
      message,
    ) ?? [];
  const isRejected = /^(?:unknown|unsupported)_(?:parameter|value)$/.test(code);
  // The message about a value quotes the value.
  return isRejected && param !== '' ? param : /value/i.test(message) ? undefined : unknown;
}

/** A request without one field. In OpenAI's formats the whole field is left out; in Anthropic's only the part that the path names. */
export function withoutPath(body: JsonObject, path: string, isNested: boolean): JsonObject {
  const [first = '', ...more] = path.split('.');
  if (!isNested || more.length === 0) {
    return Object.fromEntries(Object.entries(body).filter(([name]) => name !== first));
  }
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, name === first ? without(value, more) : value]),
  );
}

function without(value: unknown, [first = '', ...more]: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === first ? without(item, more) : item));
  if (typeof value !== 'object' || value === null) return value;
  // Some steps name the kind of an object, which is no field of it.
  if (!Object.hasOwn(value, first)) return more.length === 0 ? value : without(value, more);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) => {
      if (name !== first) return [[name, part]];
      return more.length === 0 ? [] : [[name, without(part, more)]];
    }),
  );
}
