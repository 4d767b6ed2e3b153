import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** Returns the paths of all files in a folder and its subfolders. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, {withFileTypes: true, recursive: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Joins the text of all files in a configuration folder, without the fields of config.json that hold secrets by design. */
export function onDisk(folder: string): string {
  return filesBelow(folder)
    .map((path) => {
      const text = readFileSync(path, 'utf8');
      if (!path.endsWith('config.json')) return text;
      return JSON.stringify(
        JSON.parse(text, (key, value: unknown) => (['tokens', 'foundFormKey', 'apiKey'].includes(key) ? '' : value)),
      );
    })
    .join('\n');
}
