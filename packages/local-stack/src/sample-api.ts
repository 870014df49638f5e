import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { AcceptedIntent, type SubmitIntent } from "@teatree/shared/contracts/intents";
import { isFinal, Job } from "@teatree/shared/contracts/jobs";
import { Model } from "@teatree/shared/contracts/models";
import { type CreateNotebook, Notebook } from "@teatree/shared/contracts/notebooks";
import { Upload } from "@teatree/shared/contracts/uploads";
import { callJson } from "@teatree/shared/runtime/http-json";
import type { z } from "zod";
import { until } from "./polling.ts";

/** The few calls of the public API that loading a sample needs; each throws the server's TeatreeError. */
export interface SampleApi {
  ensureModel(name: string, description: string): Promise<Model>;
  upload(model: string, path: string): Promise<Upload>;
  submit(model: string, intent: z.input<typeof SubmitIntent>): Promise<AcceptedIntent>;
  /** Null when there is no such job. */
  job(id: string): Promise<Job | null>;
  /** Resolves when the job is final; throws when it did not apply. */
  applied(id: string, onProgress: (job: Job) => void): Promise<Job>;
  ensureNotebook(notebook: z.input<typeof CreateNotebook> & { id: string }): Promise<Notebook>;
}

const JOB_LIMIT_MS = 120_000;

export function sampleApi(baseUrl: string, token: string): SampleApi {
  const root = `${baseUrl}/api/v1`;
  const get = <T>(path: string, schema: z.ZodType<T>) => callJson(`${root}${path}`, { token, schema });
  const post = <T>(path: string, body: unknown, schema: z.ZodType<T>) =>
    callJson(`${root}${path}`, { method: "POST", token, body, schema });

  async function job(id: string): Promise<Job | null> {
    return nullWhen("job_not_found", get(`/jobs/${id}`, Job));
  }

  return {
    job,
    async ensureModel(name, description) {
      const known = await nullWhen("model_not_found", get(`/models/${name}`, Model));
      return known ?? post("/models", { name, description }, Model);
    },
    async upload(model, path) {
      const response = await fetch(`${root}/models/${model}/uploads?filename=${basename(path)}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body: await openAsBlob(path),
      });
      const body: unknown = await response.json();
      if (!response.ok) throw TeatreeError.fromBody(body, response.status);
      return Upload.parse(body);
    },
    submit: (model, intent) => post(`/models/${model}/intents`, intent, AcceptedIntent),
    async applied(id, onProgress) {
      const final = await until(
        `job ${id}`,
        async () => {
          const now = await job(id);
          if (now !== null) onProgress(now);
          return now !== null && isFinal(now.status) ? now : undefined;
        },
        { timeoutMs: JOB_LIMIT_MS, everyMs: 100 },
      );
      if (final.status === "applied") return final;
      throw new Error(
        `job ${id} (${final.function}) ended ${final.status}: ${final.error?.message ?? "no reason given"}`,
      );
    },
    async ensureNotebook(notebook) {
      const known = await nullWhen("notebook_not_found", get(`/notebooks/${notebook.id}`, Notebook));
      return known ?? post("/notebooks", notebook, Notebook);
    },
  };
}

async function nullWhen<T>(code: string, call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof TeatreeError && error.code === code) return null;
    throw error;
  }
}
