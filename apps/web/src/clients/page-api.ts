import { z } from "zod";
import { type ApiClient, createApiClient } from "./api.ts";

// zod compiles its parsers with `new Function` where it may; under our content security policy the mere attempt is
// reported as a violation.
z.config({ jitless: true });

/** The one API client of the page; the session cookie identifies it. */
export const api: ApiClient = createApiClient();
