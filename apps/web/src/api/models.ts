import { ModelId } from "@teatree/shared/contracts/ids";
import { recordAudit } from "@teatree/shared/control-db/audit";
import { createModel, type GoalModel, listModels } from "@teatree/shared/control-db/goal-models";
import { inTransaction } from "@teatree/shared/control-db/pool";
import { contentOf, findVersion } from "@teatree/shared/control-db/versions";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { authorize } from "../server/access/authorize.ts";
import type { WebContext } from "../server/context.ts";
import { decodeCursor, pageOf } from "../server/http/cursors.ts";
import { presentModel } from "../server/reads/present.ts";
import type { Handlers } from "./handler.ts";

const NameCursor = z.object({ name: z.string() });

export const modelHandlers = {
  async createModel({ context, user, body }) {
    const model = await inTransaction(context.pool, async (db) => {
      const created = await createModel(db, {
        ...body,
        id: ModelId.parse(uuidv7()),
        createdBy: user.account,
      });
      const { account } = user;
      await recordAudit(db, { account, action: "create_model", modelId: created.id, target: created.name });
      return created;
    });
    const headers = { location: `/api/v1/models/${model.name}` };
    return { status: 201, body: presentModel(model, undefined, []), headers };
  },

  async listModels({ context, user, query }) {
    const afterName = decodeCursor(NameCursor, query.cursor)?.name;
    const rows = await listModels(context.pool, { limit: query.limit + 1, afterName });
    const page = pageOf(rows, query.limit, ({ name }) => ({ name }));
    for (const model of page.rows) authorize(user, "read", model);
    const items = await Promise.all(page.rows.map((model) => wholeModel(context, model)));
    return { status: 200, body: { items, nextCursor: page.nextCursor } };
  },

  async getModel({ context, model }) {
    return { status: 200, body: await wholeModel(context, model) };
  },
} satisfies Partial<Handlers>;

async function wholeModel({ pool }: WebContext, model: GoalModel) {
  if (model.currentVersion === 0) return presentModel(model, undefined, []);
  const [version, content] = await Promise.all([
    findVersion(pool, model.id, model.currentVersion),
    contentOf(pool, model.id, model.currentVersion),
  ]);
  return presentModel(model, version ?? undefined, content);
}
