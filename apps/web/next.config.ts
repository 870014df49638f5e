import type { NextConfig } from "next";

export default {
  // A second build or a dev server beside the running one needs its own folder.
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
  // Types are checked by the tests, for the whole repository; a first start need not wait for it.
  typescript: { ignoreBuildErrors: true },
  reactStrictMode: true,
  poweredByHeader: false,
  turbopack: {
    // nats.ws names Node's crypto and then uses the browser's own.
    resolveAlias: { crypto: { browser: "./src/clients/nats-crypto.ts" } },
  },
} satisfies NextConfig;
