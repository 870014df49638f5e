import { ModelPage } from "../../../features/models/index.ts";

export default async function Page({ params }: { params: Promise<{ m: string }> }) {
  return <ModelPage name={decodeURIComponent((await params).m)} />;
}
