import * as v from 'valibot';
import {join} from 'node:path';
import {writeAtomically} from '../../store/files/atomic-write.js';
import {readTextFile} from '../../store/files/read-file.js';

/** What was inserted into a file, so that exactly this can be taken out again. */
export interface Insertion {
  inserted: string;
  /** Whether the file was created. */
  isNew: boolean;
  /** The outermost folder that was created for the file. */
  folder?: string | undefined;
}

const Records = v.record(
  v.string(),
  v.object({inserted: v.string(), isNew: v.boolean(), folder: v.optional(v.string())}),
);

/** What poe has inserted into the configurations of other programs, by path. */
export class InstallRecord {
  readonly #path: string;

  /** @param folder of poe's files */
  constructor(folder: string) {
    this.#path = join(folder, 'mcp-clients.json');
  }

  get(path: string): Insertion | undefined {
    return this.#read()[path];
  }

  /** @param insertion undefined to forget it  @throws the system's error */
  set(path: string, insertion: Insertion | undefined): void {
    const {[path]: before, ...others} = this.#read();
    if (insertion === undefined && before === undefined) return;
    const records = insertion ? {...others, [path]: insertion} : others;
    writeAtomically(this.#path, `${JSON.stringify(records, null, 2)}\n`);
  }

  /** One that cannot be read is as good as none: the server is then removed by its name. */
  #read(): Record<string, Insertion> {
    try {
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Records), readTextFile(this.#path));
      return parsed.success ? parsed.output : {};
    } catch {
      return {};
    }
  }
}
