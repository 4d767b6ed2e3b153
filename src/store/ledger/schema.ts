/** The versions of the ledger's tables. See `migrate`. */
export const ledgerMigrations: readonly string[] = [
  `
  CREATE TABLE charges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The ID of a message that poe sent, or of a charge in Poe's history.
    key TEXT NOT NULL UNIQUE,
    site TEXT NOT NULL,
    -- Milliseconds since 1970: by Poe's clock, and by this machine's for messages that poe sent.
    time INTEGER NOT NULL,
    sent_at INTEGER,
    -- Null for charges of other programs and of the site.
    via TEXT,
    bot TEXT NOT NULL,
    type TEXT,
    chat TEXT,
    chat_code TEXT,
    message_code TEXT,
    canvas TEXT,
    api_key TEXT,
    input INTEGER,
    output INTEGER,
    cached INTEGER,
    -- Null if it is not known.
    points REAL,
    usd REAL,
    is_estimate INTEGER NOT NULL,
    -- The key of the charge in Poe's history that this message was matched with.
    poe_key TEXT UNIQUE
  );
  CREATE INDEX charges_by_time ON charges (site, time);
  CREATE INDEX charges_by_bot ON charges (site, bot COLLATE NOCASE, time);
  CREATE TABLE reservations (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    points REAL NOT NULL,
    sent_at INTEGER NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    expires INTEGER NOT NULL
  );
  -- How much of each file of charges has been imported, in bytes.
  CREATE TABLE imports (file TEXT PRIMARY KEY, end INTEGER NOT NULL);
  -- The times between which the ledger has all charges of Poe's history.
  CREATE TABLE history (site TEXT PRIMARY KEY, start INTEGER NOT NULL, end INTEGER NOT NULL);
  `,
  // The program that a message was sent for; null for messages of poe itself.
  `
  ALTER TABLE charges ADD COLUMN client TEXT;
  ALTER TABLE reservations ADD COLUMN client TEXT;
  CREATE INDEX charges_by_client ON charges (client, sent_at) WHERE client IS NOT NULL;
  `,
  // What was spent in each quarter of an hour, so that a budget is checked without reading each charge. All time zones begin
  // their days at a quarter of an hour. The client is '' for messages of poe itself.
  `
  CREATE TABLE spent (
    site TEXT NOT NULL,
    since INTEGER NOT NULL,
    client TEXT NOT NULL,
    points REAL NOT NULL,
    PRIMARY KEY (site, since, client)
  ) WITHOUT ROWID;
  INSERT INTO spent
    SELECT site, sent_at - sent_at % 900000, coalesce(client, ''), sum(points) FROM charges
    WHERE sent_at IS NOT NULL AND points IS NOT NULL GROUP BY 1, 2, 3;
  CREATE TRIGGER spent_more AFTER INSERT ON charges WHEN new.sent_at IS NOT NULL AND new.points IS NOT NULL BEGIN
    INSERT INTO spent VALUES (new.site, new.sent_at - new.sent_at % 900000, coalesce(new.client, ''), new.points)
    ON CONFLICT DO UPDATE SET points = points + excluded.points;
  END;
  CREATE TRIGGER spent_otherwise AFTER UPDATE OF points ON charges
  WHEN new.sent_at IS NOT NULL AND new.points IS NOT old.points BEGIN
    INSERT INTO spent VALUES (new.site, new.sent_at - new.sent_at % 900000, coalesce(new.client, ''),
      coalesce(new.points, 0) - coalesce(old.points, 0))
    ON CONFLICT DO UPDATE SET points = points + excluded.points;
  END;
  CREATE TRIGGER spent_less AFTER DELETE ON charges WHEN old.sent_at IS NOT NULL AND old.points IS NOT NULL BEGIN
    UPDATE spent SET points = points - old.points
    WHERE site = old.site AND since = old.sent_at - old.sent_at % 900000 AND client = coalesce(old.client, '');
  END;
  -- For the usual cost of a bot.
  CREATE INDEX charges_with_cost ON charges (site, bot COLLATE NOCASE, time) WHERE points IS NOT NULL AND is_estimate = 0;
  `,
];
