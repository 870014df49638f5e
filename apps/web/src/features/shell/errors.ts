import { TeatreeError } from "@teatree/shared/contracts/errors";

/** What to do about an error, where the code alone tells; its message says what happened and why. */
const ADVICE: Partial<Record<TeatreeError["code"], string>> = {
  unavailable:
    "The page tries again by itself. If this stays, look at the terminal where Teatree was started.",
  manager_unavailable: "The model's manager is starting or was stopped. Try again in a moment.",
  internal: "Try again. If it happens again, the server's log has the details.",
  unauthenticated: "Sign in again with the link from the terminal.",
  model_not_found: "It may have been named differently. Choose one from the list of models.",
  version_not_found: "Choose one from the model's versions.",
  version_removed: "Choose one of the versions that are kept.",
  version_name_taken: "Names are for one version of a model only.",
  job_not_found: "Choose one from the list of jobs.",
};

type Elsewhere = { label: string; href: string };
const ELSEWHERE: Partial<Record<TeatreeError["code"], Elsewhere>> = {
  model_not_found: { label: "All models", href: "/models" },
  job_not_found: { label: "All jobs", href: "/jobs" },
  notebook_not_found: { label: "All notebooks", href: "/notebooks" },
};

export type Explained = {
  title: string;
  advice: string | undefined;
  /** Where to go on when trying again cannot help. */
  elsewhere: Elsewhere | undefined;
};

/** Any caught error in words for people. */
export function explain(error: unknown): Explained {
  if (error instanceof TeatreeError) {
    return { title: error.message, advice: ADVICE[error.code], elsewhere: ELSEWHERE[error.code] };
  }
  return { title: "Something in this page went wrong.", advice: "Reload the page.", elsewhere: undefined };
}
