-- What a job waits behind, so that the next ones of a lane are found without looking at the others.
ALTER TABLE jobs ADD COLUMN lane TEXT NOT NULL DEFAULT 'prompt';
UPDATE jobs SET lane = 'letters' WHERE kind LIKE 'mail%';
UPDATE jobs SET lane = 'slow' WHERE kind IN ('bulk_products', 'make_widths', 'run_import');
CREATE INDEX jobs_of_lane ON jobs (lane, run_at, id) WHERE status IN ('waiting', 'running');
