import { ModelsPage } from "../../features/models/index.ts";

export default function Page() {
  return <ModelsPage />;
}
