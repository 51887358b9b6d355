-- The shop itself: what it is called, how it taxes and ships, and the numbers that people read.

CREATE TABLE settings (
    name        TEXT NOT NULL PRIMARY KEY,
    value       JSONB NOT NULL,
    version     BIGINT NOT NULL,
    updated_at  TIMESTAMPTZ NOT NULL
);

CREATE TABLE counters (
    name        TEXT NOT NULL PRIMARY KEY,
    value       BIGINT NOT NULL
);

CREATE TABLE markets (
    id          UUID NOT NULL PRIMARY KEY,
    code        TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    version     BIGINT NOT NULL
);

CREATE TABLE price_lists (
    id          UUID NOT NULL PRIMARY KEY,
    market_id   UUID NOT NULL REFERENCES markets (id),
    code        TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    version     BIGINT NOT NULL
);

CREATE TABLE locations (
    id          UUID NOT NULL PRIMARY KEY,
    code        TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    version     BIGINT NOT NULL
);

-- Another language's text beside the default one.
CREATE TABLE translations (
    entity      TEXT NOT NULL,
    entity_id   UUID NOT NULL,
    field       TEXT NOT NULL,
    locale      TEXT NOT NULL,
    text        TEXT NOT NULL,
    version     BIGINT NOT NULL,
    PRIMARY KEY (entity, entity_id, field, locale)
);

-- Addresses that once led somewhere still do: 301.
CREATE TABLE slug_history (
    entity      TEXT NOT NULL,
    slug        TEXT NOT NULL,
    entity_id   UUID NOT NULL,
    at          TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (entity, slug)
);
