-- What happened, append-only. The one writer of SQLite makes position the order of commits.

CREATE TABLE events (
    position    INTEGER PRIMARY KEY AUTOINCREMENT,
    id          UUID NOT NULL UNIQUE,
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    subject_id  UUID NOT NULL,
    version     BIGINT NOT NULL,
    data        JSONB NOT NULL,
    actor       TEXT NOT NULL,
    at          TIMESTAMPTZ NOT NULL
);
CREATE INDEX events_by_subject ON events (subject_id, version);
