import { ErrorBody } from "@teatree/shared/contracts/errors";
import { JsonValue } from "@teatree/shared/contracts/functions";
import { Health, Me } from "@teatree/shared/contracts/health";
import { AcceptedIntent, SubmitIntent } from "@teatree/shared/contracts/intents";
import { Job } from "@teatree/shared/contracts/jobs";
import { Model } from "@teatree/shared/contracts/models";
import { Notebook, NotebookSummary } from "@teatree/shared/contracts/notebooks";
import { Notification } from "@teatree/shared/contracts/notifications";
import { Query, QueryResultJson } from "@teatree/shared/contracts/query";
import { Upload } from "@teatree/shared/contracts/uploads";
import { Archive, Manifest, ManifestDifference, Version } from "@teatree/shared/contracts/versions";

/** Schemas that OpenAPI gives a name, so that generated clients have readable types. */
export const namedSchemas = {
  AcceptedIntent,
  Archive,
  ErrorBody,
  Health,
  Job,
  JsonValue,
  Manifest,
  ManifestDifference,
  Me,
  Model,
  Notebook,
  NotebookSummary,
  Notification,
  Query,
  QueryResultJson,
  SubmitIntent,
  Upload,
  Version,
};
