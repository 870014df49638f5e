-- A version is a list of blocks in packs; its read-only file is made from them wherever it is wanted.
ALTER TABLE model_version RENAME COLUMN manifest_file TO pack;
COMMENT ON COLUMN model_version.pack IS 'Key of its pack in the object store';
COMMENT ON COLUMN model_version.file IS 'Its read-only file below the versions folder, when that lies there';
ALTER TABLE model_version ADD COLUMN pack_bytes bigint NOT NULL DEFAULT 0;
-- Models whose packs hold blocks of this version: packs are shared by forks.
ALTER TABLE model_version ADD COLUMN pack_models uuid[] NOT NULL DEFAULT '{}';
CREATE INDEX model_version_by_pack_model ON model_version USING gin (pack_models);

-- Where a fork began.
ALTER TABLE goal_model ADD COLUMN forked_from uuid;
ALTER TABLE goal_model ADD COLUMN forked_version integer;
