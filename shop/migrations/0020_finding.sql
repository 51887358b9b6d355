-- What staff say about searches: synonyms, and per query what is pinned, boosted, hidden or elsewhere.
CREATE TABLE search_rules (
    id UUID NOT NULL PRIMARY KEY,
    body JSONB NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

-- What was searched for, counted by day: no person, no address, no order of searches.
CREATE TABLE search_log (
    day TEXT NOT NULL,
    query TEXT NOT NULL,
    searches BIGINT NOT NULL,
    without_results BIGINT NOT NULL,
    clicks BIGINT NOT NULL,
    PRIMARY KEY (day, query)
);

-- What goes with a product, worked out by a job: a list for each kind, the strongest first.
CREATE TABLE recommendations (
    product_id UUID NOT NULL,
    kind TEXT NOT NULL,
    body JSONB NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (product_id, kind)
);
