export type { DeviceProgress } from "./device-engine.ts";
export { runOnDevice } from "./run-on-device.ts";
export { keptVersion } from "./snapshot-store.ts";
