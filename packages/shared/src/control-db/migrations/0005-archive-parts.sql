-- A large table that only got rows at its end brings only those to the archive: it is a series of parts, each a Parquet file.
-- A content names a series and how many of its parts; what goes on from an earlier place of it branches off into a series of its own.
CREATE SEQUENCE archive_series;
CREATE TABLE archive_part (
  series   bigint NOT NULL,
  ordinal  integer NOT NULL CHECK (ordinal > 0),
  model_id uuid NOT NULL REFERENCES goal_model,
  -- The version it was written for.
  version  integer NOT NULL,
  key      text NOT NULL,
  rows     bigint NOT NULL,
  bytes    bigint NOT NULL,
  sha256   text NOT NULL,
  PRIMARY KEY (series, ordinal)
);
CREATE INDEX archive_part_by_key ON archive_part (key);

ALTER TABLE content_index ADD COLUMN archive_series bigint;
ALTER TABLE content_index ADD COLUMN archive_parts integer;
ALTER TABLE content_index ADD COLUMN appended_from bigint;
COMMENT ON COLUMN content_index.archive_series IS 'Null until the archiver got there';
COMMENT ON COLUMN content_index.appended_from IS 'Rows of the version before, when this one only got more at the end';

INSERT INTO archive_part (series, ordinal, model_id, version, key, rows, bytes, sha256)
SELECT nextval('archive_series'), 1, f.* FROM (
  SELECT DISTINCT ON (archive_key) model_id, written_version, archive_key, rows, archive_bytes, archive_sha256
    FROM content_index WHERE archive_key IS NOT NULL ORDER BY archive_key, version) f;
UPDATE content_index c SET archive_series = p.series, archive_parts = 1 FROM archive_part p WHERE p.key = c.archive_key;
ALTER TABLE content_index DROP COLUMN archive_key, DROP COLUMN archive_bytes, DROP COLUMN archive_sha256;
CREATE INDEX content_index_by_archive ON content_index (archive_series, archive_parts) WHERE archive_series IS NOT NULL;
CREATE INDEX content_index_by_content ON content_index (model_id, table_name, content_hash);

ALTER TABLE model_version ADD COLUMN archive_record text;
ALTER TABLE model_version ADD COLUMN archive_record_bytes bigint;
COMMENT ON COLUMN model_version.archive_record IS 'Key of the record that the version can be rebuilt from';
