/** The import rules of docs/architecture.md. Each says why it stands. */
const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    rule(
      "no-circles",
      "A circle has no first file to read and no part that can be tested alone.",
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    ),
    rule(
      "apps-stay-apart",
      "Apps talk over the contracts, never by import.",
      { path: "^apps/([^/]+)/" },
      { path: "^apps/", pathNot: "^apps/$1/" },
    ),
    rule(
      "shared-knows-no-app",
      "What is shared must not depend on who shares it.",
      { path: "^packages/shared/" },
      { path: "^apps/" },
    ),
    rule(
      "contracts-are-the-ground",
      "Contracts are imported by browser and servers alike: they may lean on zod only.",
      { path: "^packages/shared/src/contracts/", pathNot: "test\\.ts$" },
      { path: "^packages/shared/src/", pathNot: "^packages/shared/src/contracts/" },
    ),
    rule(
      "subjects-lean-on-contracts",
      "Subjects name payload schemas, nothing else.",
      { path: "^packages/shared/src/subjects" },
      { path: "^packages/shared/src/(control-db|object-store|runtime)/" },
    ),
    rule(
      "infrastructure-stays-apart",
      "control-db, object-store and runtime are siblings; the app joins them.",
      { path: "^packages/shared/src/(control-db|object-store)/", pathNot: "test\\.ts$" },
      { path: "^packages/shared/src/(control-db|object-store)/", pathNot: "^packages/shared/src/$1/" },
    ),
    rule(
      "local-stack-is-for-starting-and-testing",
      "A deployed app must not be able to start databases.",
      { path: "^(apps|packages/shared)/", pathNot: "(test\\.ts$|testing/)" },
      { path: "^packages/local-stack/" },
    ),
    rule(
      "browser-imports-contracts-only",
      "Server code in the bundle leaks secrets and weighs megabytes.",
      { path: "^apps/web/src/(app|features|clients|ui)/", pathNot: "test\\.tsx?$" },
      {
        path: "^(packages/shared/src/(control-db|object-store)/|packages/shared/src/runtime/|apps/web/src/(api|server)/|apps/web/server\\.ts)",
      },
    ),
    rule(
      "pages-only-open-features",
      "A route file names one feature page.",
      { path: "^apps/web/src/app/" },
      { path: "^apps/web/src/(clients|api|server)/" },
    ),
    rule(
      "features-through-the-door",
      "Between features only index.ts.",
      { path: "^apps/web/src/features/([^/]+)/" },
      { path: "^apps/web/src/features/([^/]+)/(?!index\\.ts)", pathNot: "^apps/web/src/features/$1/" },
    ),
    rule(
      "ui-is-dumb",
      "Components in ui/ know props, not the product.",
      { path: "^apps/web/src/ui/" },
      { path: "^apps/web/src/(features|clients|app)/" },
    ),
    rule(
      "server-below-api",
      "server/ is called by api/, never the other way round.",
      { path: "^apps/web/src/server/", pathNot: "test\\.ts$" },
      { path: "^apps/web/src/api/" },
    ),
    rule(
      "manager-leaves",
      "writer, publish and archive are leaves that api and main join; a leaf that knows another is two things.",
      { path: "^apps/manager/src/(publish|archive|reader)/", pathNot: "test\\.ts$" },
      { path: "^apps/manager/src/(writer|functions|api)/" },
    ),
    rule(
      "compare-is-a-leaf",
      "Reader and writer both compare tables; what compares them knows neither.",
      { path: "^apps/manager/src/compare/", pathNot: "test\\.ts$" },
      { path: "^apps/manager/src/(reader|writer|functions|api|publish|archive)/" },
    ),
    rule(
      "only-main-reads-env",
      "Configuration enters at one place per app.",
      { path: "^apps/[^/]+/src/", pathNot: "(main|env|-child|-process|test)\\.ts$" },
      { path: "^apps/[^/]+/src/env\\.ts$", dependencyTypesNot: ["type-only"] },
    ),
    rule(
      "dispatcher-launches-through-the-interface",
      "The process and Kubernetes launchers are exchangeable.",
      { path: "^apps/dispatcher/src/(intake|managers)/", pathNot: "test\\.ts$" },
      { path: "^apps/dispatcher/src/launchers/(?!launcher\\.ts)" },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(\\.next|test-results)" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
      conditionNames: ["import", "node", "default"],
      exportsFields: ["exports"],
    },
  },
};
