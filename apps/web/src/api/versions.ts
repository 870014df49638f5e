import { contentOf, contentOfVersions, listVersions } from "@teatree/shared/control-db/versions";
import { z } from "zod";
import { decodeCursor, pageOf } from "../server/http/cursors.ts";
import { requireVersion } from "../server/reads/find-model.ts";
import { presentVersion } from "../server/reads/present.ts";
import type { Handlers } from "./handler.ts";

const VersionCursor = z.object({ version: z.int().min(1) });

export const versionHandlers = {
  async listVersions({ context: { pool }, model, query }) {
    const before = decodeCursor(VersionCursor, query.cursor)?.version;
    const rows = await listVersions(pool, model.id, { limit: query.limit + 1, before });
    const page = pageOf(rows, query.limit, ({ version }) => ({ version }));
    const numbers = page.rows.map(({ version }) => version);
    const content = Map.groupBy(await contentOfVersions(pool, model.id, numbers), ({ version }) => version);
    const items = page.rows.map((row) => presentVersion(row, content.get(row.version) ?? []));
    return { status: 200, body: { items, nextCursor: page.nextCursor } };
  },

  async getVersion({ context: { pool }, model, params }) {
    const version = await requireVersion(pool, model, params.version);
    const content = await contentOf(pool, model.id, version.version);
    return { status: 200, body: presentVersion(version, content) };
  },
} satisfies Partial<Handlers>;
