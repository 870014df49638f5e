import { openBlockStore } from "@teatree/shared/block-store/block-store";
import { packPlaces } from "@teatree/shared/block-store/pack-places";
import { openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { serveParent } from "../children/serve-parent.ts";
import { readArchiverSettings, readObjectStoreConfig } from "../env.ts";
import { ArchiveCall } from "./archive-call.ts";
import { createArchiving } from "./archiving.ts";

const settings = readArchiverSettings();
const archiving = await createArchiving({
  ...settings,
  async open() {
    const places = packPlaces(await openObjectStore(readObjectStoreConfig()), settings.versionsDir);
    return { places, blocks: openBlockStore(places) };
  },
});

// An archive may take as long as it takes: the writer and the readers go first.
serveParent(ArchiveCall, archiving, { nice: 15 });
