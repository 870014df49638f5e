import { QueryCache, QueryClient } from "@tanstack/react-query";
import { TeatreeError } from "@teatree/shared/contracts/errors";

/**
 * The page's store of server answers. Live notifications say when an answer is out of date, so nothing polls that does
 * not have to; `onUnauthenticated` is told when the session is over.
 */
export function createPageQueryClient(onUnauthenticated: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof TeatreeError && error.code === "unauthenticated") onUnauthenticated();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < 2 && error instanceof TeatreeError && error.mayRetry,
        retryDelay: (failures) => 400 * 2 ** failures,
      },
    },
  });
}
