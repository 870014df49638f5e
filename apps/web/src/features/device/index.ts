export type { DeviceProgress } from "./device-engine.ts";
export { runOnDevice } from "./run-on-device.ts";
export { keptSnapshot, type SnapshotOfVersion } from "./snapshot-store.ts";
