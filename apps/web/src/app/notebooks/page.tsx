import { NotebooksPage } from "../../features/notebooks/index.ts";

export default function Page() {
  return <NotebooksPage />;
}
