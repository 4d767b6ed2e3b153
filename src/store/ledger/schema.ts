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
];
