-- Catalogs that staff upload: what a file would do, and what it did. The file itself lies in the data folder.

CREATE TABLE imports (
    id          UUID NOT NULL PRIMARY KEY,
    file_name   TEXT NOT NULL,
    bytes       BIGINT NOT NULL,
    -- NULL: told from the content.
    format      TEXT,
    state       TEXT NOT NULL
        CHECK (state IN ('checking', 'checked', 'importing', 'done', 'canceled', 'failed')),
    -- Why it failed.
    problem     TEXT,
    actor       TEXT NOT NULL,
    -- Parts of the file that are through in this state, each with its rows, in one transaction.
    batches     BIGINT NOT NULL,
    -- What the dry run found, and what the import did.
    checked     JSONB NOT NULL,
    imported    JSONB NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    updated_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX imports_by_time ON imports (created_at);

-- What became of each thing in the file, up to a bound.
CREATE TABLE import_rows (
    import_id   UUID NOT NULL REFERENCES imports (id),
    phase       TEXT NOT NULL CHECK (phase IN ('check', 'import')),
    position    BIGINT NOT NULL,
    -- NULL: the whole file.
    line        BIGINT,
    name        TEXT NOT NULL,
    verdict     TEXT NOT NULL CHECK (verdict IN ('new', 'changed', 'unchanged', 'warning', 'skipped')),
    message     TEXT NOT NULL,
    is_problem  BOOLEAN NOT NULL,
    PRIMARY KEY (import_id, phase, position)
);
CREATE INDEX import_problems ON import_rows (import_id, phase, is_problem, position);
