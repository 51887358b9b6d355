-- What must still be done, and what was already answered.

CREATE TABLE jobs (
    id          UUID NOT NULL PRIMARY KEY,
    kind        TEXT NOT NULL,
    payload     JSONB NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('waiting', 'running', 'done', 'dead')),
    run_at      TIMESTAMPTZ NOT NULL,
    lease_until TIMESTAMPTZ NOT NULL,
    attempts    BIGINT NOT NULL,
    last_error  TEXT,
    created_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX jobs_due ON jobs (status, run_at);

CREATE TABLE idempotency_keys (
    scope       TEXT NOT NULL,
    route       TEXT NOT NULL,
    idem_key    TEXT NOT NULL,
    body_digest TEXT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('running', 'done')),
    lease_until TIMESTAMPTZ NOT NULL,
    answer      JSONB,
    created_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (scope, route, idem_key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- The sandbox bank's own books. Only the sandbox provider reads them.
CREATE TABLE sandbox_payments (
    id          UUID NOT NULL PRIMARY KEY,
    currency    TEXT NOT NULL,
    amount      BIGINT NOT NULL,
    status      TEXT NOT NULL,
    decline     TEXT,
    created_at  TIMESTAMPTZ NOT NULL,
    updated_at  TIMESTAMPTZ NOT NULL
);
