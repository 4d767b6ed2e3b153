/** The SQL of each version of the archive. Only add to it. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE chats (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The code, or the number of a chat that has none.
    code TEXT NOT NULL UNIQUE,
    title TEXT,
    bot TEXT,
    -- When it was last used, ISO 8601.
    used TEXT,
    -- The value of used when all of its messages were copied; empty if a reply was still being written, null if they have not been.
    copied TEXT,
    -- When it was first missing on Poe.
    deleted TEXT,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX chats_by_use ON chats (used);
  CREATE TABLE messages (
    -- The second in which it was written, times 16, or the next free number: newer messages have greater ones.
    id INTEGER PRIMARY KEY,
    chat INTEGER NOT NULL REFERENCES chats (id),
    message TEXT NOT NULL,
    -- user, bot or break.
    role TEXT NOT NULL,
    bot TEXT,
    time TEXT,
    text TEXT NOT NULL,
    words INTEGER NOT NULL,
    deleted TEXT,
    -- The other fields.
    data TEXT NOT NULL,
    UNIQUE (chat, message)
  ) STRICT;
  -- The trigrams of each folded text. Texts of one or two characters are found by the trigrams that start with them.
  CREATE VIRTUAL TABLE trigrams USING fts5 (
    text, tokenize = 'trigram', content = '', contentless_delete = 1, detail = none
  );
  CREATE VIRTUAL TABLE terms USING fts5vocab (trigrams, 'row');
  CREATE TABLE syncs (finished TEXT NOT NULL, is_full INTEGER NOT NULL) STRICT;
  CREATE TABLE files (url TEXT PRIMARY KEY, hash TEXT NOT NULL, size INTEGER NOT NULL) STRICT;
  `,
  `
  -- Whose chat it is; null for chats on this machine, and if it is not known.
  ALTER TABLE chats ADD COLUMN account TEXT;
  ALTER TABLE syncs ADD COLUMN account TEXT;
  -- The sources that the bot named, as JSON; null if they have not been requested.
  ALTER TABLE messages ADD COLUMN citations TEXT;
  -- What Poe says that it cost.
  ALTER TABLE messages ADD COLUMN points REAL;
  -- Files that Poe did not have, with the time when they were requested.
  CREATE TABLE missing_files (url TEXT PRIMARY KEY, requested TEXT NOT NULL) STRICT;
  `,
];
