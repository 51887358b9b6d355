-- Changes that staff make to many products at once, and what became of each.

CREATE TABLE bulk_runs (
    id          UUID NOT NULL PRIMARY KEY,
    change      JSONB NOT NULL,
    actor       TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX bulk_runs_by_age ON bulk_runs (created_at);

CREATE TABLE bulk_items (
    run_id      UUID NOT NULL REFERENCES bulk_runs (id),
    position    BIGINT NOT NULL,
    product_id  UUID NOT NULL,
    outcome     TEXT CHECK (outcome IN ('changed', 'unchanged', 'failed')),
    message     TEXT,
    PRIMARY KEY (run_id, position)
);
