import {randomUUID} from 'node:crypto';

const idNames = /(?:Id|Ids|Uid)$/;

/** The JSON of a request. Poe expects IDs as numbers, so an ID that is text, because no number is exact, is written as one. */
export function stringifyWithIds(request: object): string {
  let mark: string | undefined;
  const markId = (value: unknown): unknown => {
    if (typeof value !== 'string' || !/^\d+$/.test(value)) return value;
    mark ??= randomUUID();
    return mark + value;
  };
  const json = JSON.stringify(request, (name, value: unknown) => {
    if (!idNames.test(name)) return value;
    return Array.isArray(value) ? value.map(markId) : markId(value);
  });
  return mark ? json.replaceAll(new RegExp(`"${mark}0*(\\d+)"`, 'g'), '$1') : json;
}
