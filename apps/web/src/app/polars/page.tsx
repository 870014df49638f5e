import { PolarsReferencePage } from "../../features/polars-reference/index.ts";

export default function Page() {
  return <PolarsReferencePage />;
}
