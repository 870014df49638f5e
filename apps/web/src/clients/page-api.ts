import { type ApiClient, createApiClient } from "./api.ts";

/** The one API client of the page; the session cookie identifies it. */
export const api: ApiClient = createApiClient();
