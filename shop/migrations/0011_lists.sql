-- Views of lists that members of staff keep for themselves or for everybody.

CREATE TABLE saved_views (
    id          UUID NOT NULL PRIMARY KEY,
    staff_id    UUID NOT NULL REFERENCES staff (id),
    -- The list it is a view of: orders, products ...
    list        TEXT NOT NULL,
    name        TEXT NOT NULL,
    -- Search, filters, order and columns, as they stand in an address.
    query       TEXT NOT NULL,
    shared      BOOLEAN NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX saved_views_by_list ON saved_views (list, staff_id);
