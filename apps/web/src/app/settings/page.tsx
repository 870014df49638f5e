import { SettingsPage } from "../../features/settings/index.ts";

export default function Page() {
  return <SettingsPage />;
}
