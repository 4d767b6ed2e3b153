import {Parser} from 'htmlparser2';
import type {TextResponse} from '../../http/request.js';
import type {CallOptions} from '../../options.js';
import {parseExactJson} from '../../http/json.js';

/** Fetches pages and scripts of one site. */
export interface SiteReader {
  /** The site's URL. */
  readonly site: URL;
  readonly userAgent: string;
  /**
   * Fetches a page or a script, with retries. Resolves with any status; does not follow redirects.
   * @param options.name names the request in the log
   * @throws PoeError `network`, `timeout`, `interrupted`
   */
  read(url: URL, options: CallOptions & {name: string; headers?: Record<string, string>}): Promise<TextResponse>;
}

/** A `<script>` element: its URL or its text. */
export interface Script {
  src?: string;
  text: string;
}

/** The scripts of a page that a browser would run, in document order. */
export function readScripts(html: string): Script[] {
  return allScripts(html)
    .filter(({type, src, text}) => /^$|javascript|module/i.test(type) && (src !== undefined || text.trim() !== ''))
    .map(({type: _type, ...script}) => script);
}

/** The URLs of the script files that a page runs or preloads. */
export function scriptSources(html: string): string[] {
  const sources = readScripts(html).flatMap(({src}) => src ?? []);
  const parser = new ScriptParser({
    onopentag(name, {rel = '', as = '', href}) {
      if (name === 'link' && href !== undefined && (/modulepreload/i.test(rel) || /^script$/i.test(as)))
        sources.push(href);
    },
  });
  parser.end(html);
  return [...new Set(sources)];
}

/** The parsed JSON data blocks of a page. Skips those that cannot be parsed. */
export function readData(html: string): unknown[] {
  return allScripts(html).flatMap(({type, text}) => (/\bjson\b/i.test(type) ? parsed(text) : []));
}

/** Further scripts are ignored. */
const maxScripts = 1_000;

/** Treats all elements but scripts as void: tracking many open elements would take minutes. */
class ScriptParser extends Parser {
  protected override isVoidElement(name: string): boolean {
    return name !== 'script';
  }
}

function allScripts(html: string): (Script & {type: string})[] {
  const scripts: (Script & {type: string})[] = [];
  let open: (Script & {type: string}) | undefined;
  const parser = new ScriptParser({
    onopentag(name, {src, type = ''}) {
      if (name === 'script' && scripts.length < maxScripts) open = {src, text: '', type};
    },
    ontext(text) {
      if (open) open.text += text;
    },
    onclosetag(name) {
      if (name !== 'script' || !open) return;
      scripts.push(open);
      open = undefined;
    },
  });
  parser.end(html);
  return scripts;
}

function parsed(text: string): unknown[] {
  try {
    return [parseExactJson(text)];
  } catch {
    return [];
  }
}
