"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { api } from "../../clients/page-api.ts";
import { KEYS } from "../../clients/queries.ts";

export type ImportRequest = {
  file: File;
  model: string;
  /** Whether the model must be made first. */
  createModel: boolean;
  table: string;
  mode: "create" | "replace" | "append";
};

export type ImportState =
  | { at: "idle" }
  | { at: "sending"; sentBytes: number; totalBytes: number }
  | { at: "submitting" }
  | { at: "failed"; error: unknown };

/** Model if need be, upload, intent; then the page of the job. What was done before a failure is not done twice. */
export function useImport() {
  const client = useQueryClient();
  const router = useRouter();
  const [state, setState] = useState<ImportState>({ at: "idle" });
  const stop = useRef<AbortController>(undefined);
  const made = useRef<string>(undefined);

  const run = async ({ file, model, createModel, table, mode }: ImportRequest) => {
    const abort = new AbortController();
    stop.current = abort;
    setState({ at: "sending", sentBytes: 0, totalBytes: file.size });
    try {
      if (createModel && made.current !== model) {
        await api.createModel({ body: { name: model } });
        made.current = model;
        void client.invalidateQueries({ queryKey: [KEYS.models] });
      }
      const { uploadId } = await api.createUpload({
        model,
        filename: file.name,
        file,
        signal: abort.signal,
        onProgress: (sentBytes, totalBytes) => setState({ at: "sending", sentBytes, totalBytes }),
      });
      setState({ at: "submitting" });
      const { jobId } = await api.submitIntent(model, {
        function: "import",
        args: { table, uploadId, mode },
      });
      void client.invalidateQueries({ queryKey: [KEYS.jobs] });
      router.push(`/jobs/${jobId}`);
    } catch (error) {
      setState(abort.signal.aborted ? { at: "idle" } : { at: "failed", error });
    }
  };
  const cancel = () => {
    stop.current?.abort(new DOMException("The upload was stopped.", "AbortError"));
    setState({ at: "idle" });
  };
  return { state, run, cancel };
}
