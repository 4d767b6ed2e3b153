const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * How long ago a time was, or how long until then: "5 minutes ago", "yesterday", "in 2 hours"; more than 30 days away it is a
 * local date, 2025-03-25.
 * @param iso ISO 8601
 * @returns '' for null, and for what is no time
 */
export function relativeTime(iso: string | null, now = new Date()): string {
  const then = parsed(iso);
  if (!then) return '';
  const days = Math.abs(dayNumber(now) - dayNumber(then));
  const ms = Math.abs(now.getTime() - then.getTime());
  const isPast = then <= now;
  // What is past has lasted so long at least; what is to come has come after so long.
  const whole = isPast ? Math.floor : Math.ceil;
  const said = (count: number, unit: string) => {
    const amount = `${count} ${unit}${count === 1 ? '' : 's'}`;
    return isPast ? `${amount} ago` : `in ${amount}`;
  };
  if (ms < minuteMs) return 'just now';
  if (whole(ms / minuteMs) < 60) return said(whole(ms / minuteMs), 'minute');
  if (days === 0 || whole(ms / hourMs) < 24) return said(whole(ms / hourMs), 'hour');
  if (days === 1) return isPast ? 'yesterday' : 'tomorrow';
  return days <= 30 ? said(days, 'day') : date(then);
}

/** A time as the clock on the wall shows it: "2025-03-25 01:04"; '' for null, and for what is no time. */
export function dateTime(iso: string | null): string {
  const then = parsed(iso);
  return then ? `${date(then)} ${padded(then.getHours())}:${padded(then.getMinutes())}` : '';
}

/** As `dateTime`, but the same everywhere: "2025-03-25 00:04 UTC". */
export function universalTime(iso: string | null): string {
  const then = parsed(iso);
  return then ? `${then.toISOString().slice(0, 'YYYY-MM-DDTHH:MM'.length).replace('T', ' ')} UTC` : '';
}

function parsed(iso: string | null): Date | undefined {
  const then = new Date(iso ?? Number.NaN);
  return Number.isNaN(then.getTime()) ? undefined : then;
}

const date = (time: Date) => `${time.getFullYear()}-${padded(time.getMonth() + 1)}-${padded(time.getDate())}`;
const padded = (part: number) => String(part).padStart(2, '0');

/** Days are counted by midnights, of which summer time moves none from one day to another. */
const dayNumber = (time: Date) => Date.UTC(time.getFullYear(), time.getMonth(), time.getDate()) / (24 * hourMs);
