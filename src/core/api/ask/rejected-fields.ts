/** Which of the fields that poe adds to requests a bot has rejected. They are tried again after a day. */
export interface RejectedFields {
  /** @param bot the bot's handle, in any letter case */
  of(bot: string): Promise<readonly string[]>;
  add(bot: string, field: string): Promise<void>;
}

const maxAgeMs = 86_400_000;

/** The fields by bot, and when each was rejected, in milliseconds since 1970. */
export type RejectionTimes = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Stores rejected fields. @param store reads and writes them; neither may fail */
export const rejectedFields = (store: {
  read(): RejectionTimes;
  write(rejections: RejectionTimes): void;
}): RejectedFields => ({
  async of(bot) {
    return Object.keys(recent(store.read())[bot.toLowerCase()] ?? {});
  },
  async add(bot, field) {
    const rejections = recent(store.read());
    const name = bot.toLowerCase();
    store.write({...rejections, [name]: {...rejections[name], [field]: Date.now()}});
  },
});

/** Forgets them when the program ends. */
export function memoryRejectedFields(): RejectedFields {
  let rejections: RejectionTimes = {};
  return rejectedFields({
    read: () => rejections,
    write(changed) {
      rejections = changed;
    },
  });
}

/** A time in the future, from a wrong clock, does not count. */
function recent(rejections: RejectionTimes): RejectionTimes {
  const now = Date.now();
  const entries = Object.entries(rejections).map(([bot, fields]) => {
    const kept = Object.entries(fields).filter(([, time]) => time <= now && now - time < maxAgeMs);
    return [bot, Object.fromEntries(kept)] as const;
  });
  return Object.fromEntries(entries.filter(([, fields]) => Object.keys(fields).length > 0));
}
