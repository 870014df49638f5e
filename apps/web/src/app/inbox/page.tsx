import { InboxPage } from "../../features/inbox/index.ts";

export default function Page() {
  return <InboxPage />;
}
