-- What a search for words goes through, and nothing else: half as wide as the index of the list.
CREATE INDEX orders_by_words ON orders (search_folded);
