export type { DeviceProgress } from "./device-engine.ts";
export { type DeviceAnswer, runOnDevice } from "./run-on-device.ts";
export { keptVersion, type SnapshotOfVersion } from "./snapshot-store.ts";
