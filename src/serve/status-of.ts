import type {Activity} from './activity.js';
import type {StoredToken} from '../store/serve/token-file.js';
import type {ServeBackend} from './serve-backend.js';
import type {ClientSpending, ClientStatus, ServerStatus} from './server-status.js';

interface StatusDeps extends Pick<ServerStatus, 'url' | 'startedTime'> {
  backend: Pick<ServeBackend, 'via'>;
  tokens: () => readonly StoredToken[];
  spending?: (() => Promise<readonly ClientSpending[]>) | undefined;
  activity: Activity;
}

/** What a server is doing. */
export async function statusOf({
  backend,
  tokens,
  spending,
  url,
  startedTime,
  activity,
}: StatusDeps): Promise<ServerStatus> {
  // The status is shown without the points if they cannot be read.
  const spent = await spending?.().catch(() => undefined);
  const active = new Map(activity.clients().map((client) => [client.name, client]));
  const clients = tokens().map(({name, budget}): ClientStatus => {
    const {requests = 0, active: now = 0, lastTime = null} = active.get(name) ?? {};
    const today = spent && (spent.find(({client}) => client === name)?.points ?? 0);
    return {name, requests: {active: now, total: requests}, lastTime, budget, points: {today: today ?? null}};
  });
  const today = spent ? spent.reduce((sum, {points}) => sum + points, 0) : null;
  return {url, via: backend.via, startedTime, requests: activity.counts, points: {today}, clients};
}
