import type { ENDPOINTS, EndpointName } from "@teatree/shared/contracts/endpoints";
import type { GoalModel } from "@teatree/shared/control-db/goal-models";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Identity } from "../server/access/identity.ts";
import type { WebContext } from "../server/context.ts";

type Entry<Name extends EndpointName> = (typeof ENDPOINTS)[Name];
type Part<Name extends EndpointName, Key extends string> =
  Entry<Name> extends Record<Key, infer Schema extends z.ZodType> ? z.output<Schema> : undefined;
type ModelOf<Name extends EndpointName> =
  Part<Name, "params"> extends { model: string } ? GoalModel : undefined;
type UserOf<Name extends EndpointName> = Entry<Name>["action"] extends "open" ? Identity | null : Identity;

/** A request after it was authorized and parsed by the table of endpoints. */
export type ApiCall<Name extends EndpointName> = {
  context: WebContext;
  user: UserOf<Name>;
  /** The model that the path names, found and authorized. */
  model: ModelOf<Name>;
  params: Part<Name, "params">;
  query: Part<Name, "query">;
  body: Part<Name, "body">;
  request: FastifyRequest;
  reply: FastifyReply;
  /** Aborted when the client goes away. What would never end by itself watches `context.stopping`, too. */
  signal: AbortSignal;
};

type BodyOf<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined;
type JsonAnswer<Answers> = {
  [Status in keyof Answers]: {
    status: Status;
    body: BodyOf<Answers[Status]>;
    headers?: Record<string, string>;
  };
}[keyof Answers];

/** What the table promises, or `sent`: the handler wrote the answer itself. */
export type AnswerOf<Name extends EndpointName> = "sent" | JsonAnswer<Entry<Name>["answers"]>;

export type Handler<Name extends EndpointName> = (call: ApiCall<Name>) => Promise<AnswerOf<Name>>;

/** A handler for exactly each endpoint: one that is missing or too many does not compile. */
export type Handlers = { [Name in EndpointName]: Handler<Name> };
