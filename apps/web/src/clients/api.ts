export { type ApiClient, createApiClient } from "@teatree/shared/client/api";
