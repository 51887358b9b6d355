-- Links whose picture the shop keeps, so that a file that names the link again means that picture.

CREATE TABLE fetched_pictures (
    link        TEXT NOT NULL PRIMARY KEY,
    src         TEXT NOT NULL,
    fetched_at  TIMESTAMPTZ NOT NULL
);
