/** The rules for doors over a unix socket; its path is the argument, for Deno grants no other. */

import { unixKind } from "./doors.ts";
import { testDoors } from "./suite.ts";

testDoors([unixKind(Deno.args[0] ?? "")]);
