import {Parser} from 'htmlparser2';

/** A `<script>` that a browser would run: its address, or its text. */
export interface Script {
  src?: string;
  text: string;
}

/** The scripts of a page in document order; data blocks (JSON and the like) are none. */
export function readScripts(html: string): Script[] {
  const scripts: Script[] = [];
  let open: (Script & {type: string}) | undefined;
  const parser = new Parser({
    onopentag(name, {src, type = ''}) {
      if (name === 'script') open = {src, text: '', type};
    },
    ontext(text) {
      if (open) open.text += text;
    },
    onclosetag(name) {
      if (name !== 'script' || !open) return;
      const {type, ...script} = open;
      if (/^$|javascript|module/i.test(type) && (script.src !== undefined || script.text.trim() !== ''))
        scripts.push(script);
      open = undefined;
    },
  });
  parser.end(html);
  return scripts;
}
