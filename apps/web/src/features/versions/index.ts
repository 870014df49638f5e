export { DownloadCard } from "./download-card.tsx";
export { RecentVersions } from "./recent-versions.tsx";
export { VersionPage } from "./version-page.tsx";
export { VersionsPage } from "./versions-page.tsx";
