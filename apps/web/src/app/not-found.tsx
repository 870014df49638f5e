import { NotFoundPage } from "../features/home/index.ts";

export default function NotFound() {
  return <NotFoundPage />;
}
