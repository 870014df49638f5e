export { HomePage } from "./home-page.tsx";
export { BrokenPage, NotFoundPage } from "./lost.tsx";
