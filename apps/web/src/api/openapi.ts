import { type Bytes, ENDPOINTS, type Endpoint } from "@teatree/shared/contracts/endpoints";
import { ErrorBody } from "@teatree/shared/contracts/errors";
import { RESULT_TYPES } from "@teatree/shared/contracts/query";
import type { z } from "zod";
import {
  createDocument,
  type ZodOpenApiContentObject,
  type ZodOpenApiMediaTypeObject,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from "zod-openapi";
import { namedSchemas } from "./openapi-schemas.ts";

let made: Record<string, unknown> | undefined;

/** OpenAPI 3.1 of the whole API, made once from the table of endpoints. */
export function openApiDocument(): Record<string, unknown> {
  made ??= { ...createDocument(describe()) };
  return made;
}

function describe(): ZodOpenApiObject {
  return {
    openapi: "3.1.0",
    info: {
      title: "Teatree",
      version: "1",
      description:
        "Goal models: versioned data models that change only through a durable queue and ship as plain files.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/api/v1" }],
    security: [{ token: [] }, { session: [] }],
    paths: paths(),
    components: {
      schemas: namedSchemas,
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "teatree_session",
          description: "Set by signing in; its name ends with the server's port.",
        },
      },
    },
  };
}

function paths(): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  const endpoints: [string, Endpoint][] = Object.entries(ENDPOINTS);
  for (const [name, endpoint] of endpoints) {
    const path = paths[endpoint.path] ?? {};
    path[methodName(endpoint.method)] = operation(name, endpoint);
    paths[endpoint.path] = path;
  }
  return paths;
}

function methodName(method: Endpoint["method"]): "get" | "post" | "put" | "delete" {
  const names = { GET: "get", POST: "post", PUT: "put", DELETE: "delete" } as const;
  return names[method];
}

function operation(name: string, endpoint: Endpoint): ZodOpenApiOperationObject {
  const { params, query, body } = endpoint;
  return {
    operationId: name,
    summary: endpoint.summary,
    ...(endpoint.action === "open" ? { security: [] } : {}),
    requestParams: { ...(params ? { path: params } : {}), ...(query ? { query } : {}) },
    ...(body ? { requestBody: { required: true, content: requestContent(body, name) } } : {}),
    responses: responses(name, endpoint),
  };
}

function responses(name: string, { answers }: Endpoint): ZodOpenApiResponsesObject {
  const described: ZodOpenApiResponsesObject = {};
  for (const [status, answer] of Object.entries(answers)) {
    const key: `${2 | 3 | 4 | 5}${string}` = statusKey(status);
    described[key] =
      answer === null
        ? { description: "Without a body." }
        : {
            description: isBytes(answer) ? answer.description : "Done.",
            content: answerContent(answer, name),
          };
  }
  described.default = {
    description: "An error; `code` is stable.",
    content: { "application/json": { schema: ErrorBody } },
  };
  return described;
}

function statusKey(status: string): `${2 | 3 | 4 | 5}${string}` {
  const [first, rest] = [status.slice(0, 1), status.slice(1)];
  if (first === "2" || first === "3" || first === "4" || first === "5") return `${Number(first) as 2}${rest}`;
  throw new Error(`no answer has the status ${status}`);
}

function requestContent(body: z.ZodType | Bytes, name: string): ZodOpenApiContentObject {
  if (!isBytes(body)) return { "application/json": { schema: body } };
  const multipart = name === "createUpload" ? { "multipart/form-data": multipartForm } : {};
  return { [body.bytes]: binary, ...multipart };
}

function answerContent(answer: z.ZodType | Bytes, name: string) {
  if (isBytes(answer)) return { [answer.bytes]: binary };
  const json = { "application/json": { schema: answer } };
  if (name !== "queryModel") return json;
  const others = RESULT_TYPES.filter((type) => type !== "application/json").map((type) => [type, binary]);
  return { ...json, ...Object.fromEntries(others) };
}

const binary = { schema: { type: "string", format: "binary" } } as const;

const multipartForm: ZodOpenApiMediaTypeObject = {
  schema: { type: "object", properties: { file: { type: "string", format: "binary" } }, required: ["file"] },
};

function isBytes(value: z.ZodType | Bytes): value is Bytes {
  return "bytes" in value && typeof value.bytes === "string";
}
