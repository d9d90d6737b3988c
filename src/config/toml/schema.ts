/**
 * Every key that a fand.toml may hold, with its type, range and default. docs/config.md tells the
 * same in prose, and a test compares the two.
 *
 * @module
 */

export { ALERT, DELIVERY, DELIVERY_TYPE } from "./schema/alert.ts";
export { BOARD, CHANNELS } from "./schema/board.ts";
export { CLIENT } from "./schema/client.ts";
export { DERIVED, DERIVED_TYPE } from "./schema/derived.ts";
export { FANS, PHYSICS } from "./schema/fans.ts";
export { FILE, LIMITS, TOOLS } from "./schema/file.ts";
export { FAILSAFE } from "./schema/health.ts";
export { JOURNAL } from "./schema/journal.ts";
export { PLANT, PLANT_SOURCE } from "./schema/plant.ts";
export { PROFILE } from "./schema/profile.ts";
export { RIG } from "./schema/rig.ts";
export { SENSOR, SENSOR_TYPE, type SourceType } from "./schema/sensor.ts";
export { SOURCES } from "./schema/source.ts";
export { CAUSE, SHAPE } from "./schema/cause.ts";
export { OUTPUT } from "./schema/output.ts";
export { SHELF } from "./schema/shelf.ts";
export { TLS } from "./schema/tls.ts";
