-- What happened, append-only. Neither position nor xid is the order of commits: readers take only what lies below
-- pg_snapshot_xmin, so that nothing that commits late is skipped.

CREATE TABLE events (
    position    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid         XID8 NOT NULL DEFAULT pg_current_xact_id(),
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
CREATE INDEX events_by_xid ON events (xid, position);
