export { RemovedVersion, removalOf } from "./removed-version.tsx";
export { RetentionSection } from "./retention-section.tsx";
export { VersionTitle } from "./version-title.tsx";
