export { DownloadCard } from "./download-card.tsx";
export { VersionPage } from "./version-page.tsx";
export { VersionsPage } from "./versions-page.tsx";
