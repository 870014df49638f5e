-- Which versions a model keeps. A removed one keeps its row: it says since when it is gone, and its pack may hold others' blocks.
ALTER TABLE model_version ADD COLUMN name text;
ALTER TABLE model_version ADD COLUMN removed_at timestamptz;
ALTER TABLE model_version ADD COLUMN collected_at timestamptz;
COMMENT ON COLUMN model_version.name IS 'Given by people; a named version is never removed';
COMMENT ON COLUMN model_version.removed_at IS 'From then on nobody can ask for it; its bytes go after the grace period';
COMMENT ON COLUMN model_version.collected_at IS 'Nothing of its pack is left';
CREATE UNIQUE INDEX model_version_by_name ON model_version (model_id, name) WHERE name IS NOT NULL;
CREATE INDEX content_index_by_archive_key ON content_index (archive_key) WHERE archive_key IS NOT NULL;

-- Both null: every version stays.
ALTER TABLE goal_model ADD COLUMN keep_last integer CHECK (keep_last > 0);
ALTER TABLE goal_model ADD COLUMN keep_days integer CHECK (keep_days > 0);
ALTER TABLE goal_model ADD COLUMN grace_minutes integer NOT NULL DEFAULT 60 CHECK (grace_minutes >= 0);
