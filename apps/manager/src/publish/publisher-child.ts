import { openBlockStore } from "@teatree/shared/block-store/block-store";
import { packPlaces } from "@teatree/shared/block-store/pack-places";
import { openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { serveParent } from "../children/serve-parent.ts";
import { readObjectStoreConfig, readPublisherSettings } from "../env.ts";
import { PublisherCall } from "./publisher.ts";
import { createPublishing } from "./publishing.ts";
import { openVerifier } from "./verify.ts";

const settings = readPublisherSettings();
const [verifier, objects] = await Promise.all([openVerifier(), openObjectStore(readObjectStoreConfig())]);
const places = packPlaces(objects, settings.versionsDir);
const publishing = createPublishing({ ...settings, places, blocks: openBlockStore(places), verifier });

serveParent(PublisherCall, async (call) => {
  if (call.kind === "publish") return { published: await publishing.publish(call.request) };
  if (call.kind === "ensure") await publishing.ensure(call.file, call);
  else if (call.kind === "write") await publishing.write(call.file, call.path, call.from);
  else publishing.forget(call.packs);
  return {};
});
