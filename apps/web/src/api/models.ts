import { ModelId } from "@teatree/shared/contracts/ids";
import { recordAudit } from "@teatree/shared/control-db/audit";
import { createModel, listModels } from "@teatree/shared/control-db/goal-models";
import { overviewsOf } from "@teatree/shared/control-db/model-overview";
import { inTransaction } from "@teatree/shared/control-db/pool";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { authorize } from "../server/access/authorize.ts";
import { decodeCursor, pageOf } from "../server/http/cursors.ts";
import { presentModel } from "../server/reads/present.ts";
import type { Handlers } from "./handler.ts";

/** Of a model that nothing was published of yet. */
const NOTHING = { version: undefined, tables: [] };

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
    return { status: 201, body: presentModel(model, NOTHING), headers };
  },

  async listModels({ context, user, query }) {
    const afterName = decodeCursor(NameCursor, query.cursor)?.name;
    const rows = await listModels(context.pool, { limit: query.limit + 1, afterName });
    const page = pageOf(rows, query.limit, ({ name }) => ({ name }));
    for (const model of page.rows) authorize(user, "read", model);
    const overviews = await overviewsOf(
      context.pool,
      page.rows.map(({ id }) => id),
    );
    const items = page.rows.map((model) => presentModel(model, overviews.get(model.id) ?? NOTHING));
    return { status: 200, body: { items, nextCursor: page.nextCursor } };
  },

  async getModel({ context, model }) {
    const overviews = await overviewsOf(context.pool, [model.id]);
    return { status: 200, body: presentModel(model, overviews.get(model.id) ?? NOTHING) };
  },
} satisfies Partial<Handlers>;
