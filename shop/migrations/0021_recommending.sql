-- How far recommendations are worked out: when all of them were, and which orders are in them. One row.
CREATE TABLE recommendation_runs (
    id BIGINT NOT NULL PRIMARY KEY,
    full_at TIMESTAMPTZ NOT NULL,
    orders_to TIMESTAMPTZ NOT NULL
);
