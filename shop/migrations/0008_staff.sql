-- Who works in the shop, and where they are signed in. Secrets are kept as digests only.

CREATE TABLE staff (
    id              UUID NOT NULL PRIMARY KEY,
    email           TEXT NOT NULL,
    email_canonical TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    role            TEXT NOT NULL CHECK (role IN ('admin', 'super_admin')),
    password_hash   TEXT NOT NULL,
    active          BOOLEAN NOT NULL,
    version         BIGINT NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL,
    updated_at      TIMESTAMPTZ NOT NULL
);

CREATE TABLE staff_sessions (
    id              UUID NOT NULL PRIMARY KEY,
    staff_id        UUID NOT NULL REFERENCES staff (id),
    kind            TEXT NOT NULL CHECK (kind IN ('browser', 'program')),
    -- What opens it: a browser's cookie, or a program's access token.
    secret_digest   TEXT NOT NULL UNIQUE,
    -- What a program gets its next access token with, once. Empty for browsers.
    refresh_digest  TEXT NOT NULL,
    -- The name that the browser or program gives itself.
    agent           TEXT NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL,
    seen_at         TIMESTAMPTZ NOT NULL,
    -- The secret is no good after this; for a browser it moves on while it is used.
    expires_at      TIMESTAMPTZ NOT NULL,
    -- The session is over after this, whatever happens.
    ends_at         TIMESTAMPTZ NOT NULL
);
CREATE INDEX staff_sessions_by_staff ON staff_sessions (staff_id, seen_at);
CREATE INDEX staff_sessions_by_end ON staff_sessions (ends_at);

-- When somebody tried to sign in, by a digest of the account, the network or the known browser.
CREATE TABLE sign_in_tries (
    digest          TEXT NOT NULL PRIMARY KEY,
    times           JSONB NOT NULL,
    last_at         TIMESTAMPTZ NOT NULL
);
CREATE INDEX sign_in_tries_by_age ON sign_in_tries (last_at);
