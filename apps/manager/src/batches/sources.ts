import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { FunctionCall, PolarsArgs } from "@teatree/shared/contracts/functions";
import type { ModelId, UploadId } from "@teatree/shared/contracts/ids";
import { VersionFile } from "@teatree/shared/contracts/manager-api";
import type { UploadFormat } from "@teatree/shared/contracts/uploads";
import type { Manifest } from "@teatree/shared/contracts/versions";
import type { Db } from "@teatree/shared/control-db/pool";
import { findUpload } from "@teatree/shared/control-db/uploads";
import type { ObjectStore } from "@teatree/shared/object-store/open-object-store";
import { linkOrCopy } from "../files/link-or-copy.ts";
import { linkVersion } from "../files/link-version.ts";
import type { WriterItemInput } from "../writer/protocol.ts";
import type { Computed } from "./compute.ts";
import { versionToRead } from "./version-to-read.ts";

export type SourceContext = {
  db: Db;
  store: ObjectStore;
  modelId: ModelId;
  versionsDir: string;
  stagingDir: string;
  /** Sees to it that the file of a version lies in the versions folder. */
  ensureFile: (file: VersionFile) => Promise<void>;
  /** Computes a transform; what it makes lies at `place`. */
  compute: (args: PolarsArgs, place: (name: string) => string) => Promise<Computed>;
};

/** The files that one function call reads, brought into the writer's staging folder. */
export type StagedSources = Pick<WriterItemInput, "uploads" | "reads" | "computed"> & {
  /** Versions of other models with `latest` resolved, for the manifest. */
  resolved: Manifest["reads"];
  dispose(): Promise<void>;
};

/**
 * Brings everything a call reads into staging: uploads from the object store, versions of other models and of this one as links, and
 * what a transform computes, with that one's errors.
 * Throws `upload_not_found`, `model_not_found`, `version_not_found` (the intent is to blame), or `unavailable`, `disk_full`
 * (nobody is; try again). Nothing stays behind then.
 */
export async function stageSources(context: SourceContext, call: FunctionCall): Promise<StagedSources> {
  const paths: string[] = [];
  const dispose = async () => void (await Promise.all(paths.map((path) => rm(path, { force: true }))));
  const place = (name: string) => {
    const path = join(context.stagingDir, name);
    paths.push(path);
    return path;
  };
  try {
    return { ...(await stage(context, call, place)), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function stage(context: SourceContext, call: FunctionCall, place: (name: string) => string) {
  const uploads: Record<UploadId, { path: string; format: UploadFormat; filename: string }> = {};
  const reads: Record<string, { path: string }> = {};
  const resolved: Manifest["reads"] = {};
  if ("uploadId" in call.args && call.args.uploadId !== undefined) {
    uploads[call.args.uploadId] = await stageUpload(context, call.args.uploadId, place);
  }
  if (call.function === "sql") {
    for (const [schema, read] of Object.entries(call.args.reads ?? {})) {
      const found = await versionToRead(context.db, context.modelId, read);
      const path = place(`read-${schema}.duckdb`);
      const file = VersionFile.parse(found.file);
      await linkVersion(join(context.versionsDir, file), path, () => context.ensureFile(file));
      reads[schema] = { path };
      resolved[schema] = { model: found.modelId, version: found.version };
    }
  }
  if (call.function === "polars") {
    const { rows, resolved } = await context.compute(call.args, place);
    return { uploads, reads, resolved, computed: rows };
  }
  return { uploads, reads, resolved };
}

async function stageUpload(context: SourceContext, id: UploadId, place: (name: string) => string) {
  const upload = await findUpload(context.db, context.modelId, id);
  if (!upload) {
    throw new TeatreeError(
      "upload_not_found",
      "There is no such upload in this model. Upload the file again.",
      {
        details: { uploadId: id },
      },
    );
  }
  const path = place(`upload-${id}.${upload.format}`);
  const local = context.store.localPath?.(upload.objectKey);
  if (local !== undefined) await linkOrCopy(local, path);
  else {
    const { stream } = await context.store.get(upload.objectKey);
    await pipeline(stream, createWriteStream(path));
  }
  return { path, format: upload.format, filename: upload.filename };
}
