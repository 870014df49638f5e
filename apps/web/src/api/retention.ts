import { recordAudit } from "@teatree/shared/control-db/audit";
import type { GoalModel } from "@teatree/shared/control-db/goal-models";
import { inTransaction } from "@teatree/shared/control-db/pool";
import { retentionOf, setRetention, setVersionName } from "@teatree/shared/control-db/retention";
import { contentOf } from "@teatree/shared/control-db/versions";
import type { WebContext } from "../server/context.ts";
import { requireVersion } from "../server/reads/find-model.ts";
import { presentVersion } from "../server/reads/present.ts";
import { storageOf } from "../server/reads/storage.ts";
import type { Handlers } from "./handler.ts";

export const retentionHandlers = {
  async getRetention({ context, model }) {
    return { status: 200, body: await retentionOf(context.pool, model.id) };
  },

  async setRetention({ context, user: { account }, model, body }) {
    await inTransaction(context.pool, async (db) => {
      await setRetention(db, model.id, body);
      await recordAudit(db, { account, action: "set_retention", modelId: model.id, details: body });
    });
    return { status: 200, body };
  },

  async nameVersion({ context, user, model, params, body }) {
    const change = { account: user.account, version: params.version, name: body.name };
    return { status: 200, body: await rename(context, model, change) };
  },

  async unnameVersion({ context, user, model, params }) {
    const change = { account: user.account, version: params.version, name: null };
    return { status: 200, body: await rename(context, model, change) };
  },

  async collect({ context, user: { account }, model }) {
    await recordAudit(context.pool, { account, action: "collect", modelId: model.id });
    return { status: 200, body: await context.managers.collect(model) };
  },

  async getStorage({ context, model }) {
    return { status: 200, body: await storageOf(context, model) };
  },
} satisfies Partial<Handlers>;

type Rename = { account: string; version: number; name: string | null };

async function rename({ pool }: WebContext, model: GoalModel, { account, version, name }: Rename) {
  await inTransaction(pool, async (db) => {
    if (!(await setVersionName(db, model.id, version, name))) return;
    const action = name === null ? "unname_version" : "name_version";
    const details = name === null ? {} : { name };
    await recordAudit(db, { account, action, modelId: model.id, target: `v${version}`, details });
  });
  const row = await requireVersion(pool, model, version);
  return presentVersion(row, await contentOf(pool, model.id, version));
}
