import * as v from 'valibot';
import {PoeError} from '../../core/errors.js';
import {parseJson} from '../../core/http/json.js';
import {requestText, type RequestOptions} from '../../core/http/request.js';
import type {ServerStatus} from '../../serve/server-status.js';
import type {RunningEntry} from '../../store/serve/running-servers.js';

/** A server on this machine answers at once. */
const timeoutMs = 2_000;

const Health = v.object({id: v.string()});
const requests = v.object({active: v.number(), total: v.number()});
const points = v.object({today: v.nullable(v.number())});
const Status = v.object({
  url: v.string(),
  via: v.picklist(['web', 'api']),
  startedTime: v.string(),
  requests,
  points,
  clients: v.array(
    v.object({
      name: v.string(),
      requests,
      lastTime: v.nullable(v.string()),
      budget: v.nullable(v.object({limit: v.number(), period: v.picklist(['day', 'month'])})),
      points,
    }),
  ),
}) satisfies v.GenericSchema<unknown, ServerStatus>;

/**
 * Asks a server for its status. The key is sent only to the server that it belongs to: another one may have its port by now.
 * @returns undefined if it does not answer
 * @throws PoeError `interrupted`
 */
export async function readStatus(
  {url, id, key}: RunningEntry,
  options: Pick<RequestOptions, 'log' | 'signal'>,
): Promise<ServerStatus | undefined> {
  const read = async <S extends v.GenericSchema>(path: string, schema: S, headers: Record<string, string>) => {
    const request = {method: 'GET' as const, headers: () => headers};
    const {text} = await requestText(new URL(path, url), request, {...options, name: `serve ${path}`, timeoutMs});
    return v.safeParse(schema, parseJson(text));
  };
  try {
    const health = await read('/health', Health, {});
    if (!health.success || health.output.id !== id) return undefined;
    const status = await read('/status', Status, {Authorization: `Bearer ${key}`});
    return status.success ? status.output : undefined;
  } catch (error) {
    if (error instanceof PoeError && error.code === 'interrupted') throw error;
    return undefined;
  }
}
