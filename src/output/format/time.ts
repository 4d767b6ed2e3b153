const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * A time relative to now: "5 minutes ago", "yesterday", "in 2 hours". More than 30 days away: the local date, 2025-03-25.
 * @param iso ISO 8601
 * @returns '' for null and invalid times
 */
export function relativeTime(iso: string | null, now = new Date()): string {
  const time = parse(iso);
  if (!time) return '';
  const days = Math.abs(dayNumber(now) - dayNumber(time));
  const ms = Math.abs(now.getTime() - time.getTime());
  const isPast = time <= now;
  const round = isPast ? Math.floor : Math.ceil;
  const inWords = (count: number, unit: string) => {
    const amount = `${count} ${unit}${count === 1 ? '' : 's'}`;
    return isPast ? `${amount} ago` : `in ${amount}`;
  };
  if (ms < minuteMs) return 'just now';
  if (round(ms / minuteMs) < 60) return inWords(round(ms / minuteMs), 'minute');
  if (days === 0 || round(ms / hourMs) < 24) return inWords(round(ms / hourMs), 'hour');
  if (days === 1) return isPast ? 'yesterday' : 'tomorrow';
  return days <= 30 ? inWords(days, 'day') : date(time);
}

/** The local time: "2025-03-25 01:04"; '' for null and invalid times. */
export function dateTime(iso: string | null): string {
  const time = parse(iso);
  return time ? `${date(time)} ${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}` : '';
}

/** The time in UTC: "2025-03-25 00:04 UTC"; '' for null and invalid times. */
export function utcTime(iso: string | null): string {
  const time = parse(iso);
  return time ? `${time.toISOString().slice(0, 'YYYY-MM-DDTHH:MM'.length).replace('T', ' ')} UTC` : '';
}

/** How long something takes: "0.4 s", "12 s", "2 min 5 s", "2 h 46 min". */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function parse(iso: string | null): Date | undefined {
  const time = new Date(iso ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

const date = (time: Date) => `${time.getFullYear()}-${twoDigits(time.getMonth() + 1)}-${twoDigits(time.getDate())}`;
const twoDigits = (part: number) => String(part).padStart(2, '0');

/** Counts midnights, so that daylight saving time moves no time to another day. */
const dayNumber = (time: Date) => Date.UTC(time.getFullYear(), time.getMonth(), time.getDate()) / (24 * hourMs);
