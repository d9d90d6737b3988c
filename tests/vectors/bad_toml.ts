/** Files that a server must refuse, with exactly what it says; SMALL stands for a good rest. */

/** One bad file. */
export interface BadToml {
  readonly name: string;
  readonly text: string;
  readonly problems: readonly string[];
}

/** Every key at the top of a file, in the order in which it is told. */
const TOP_KEYS =
  "address, port, unix, tick_ms, heartbeat_ms, duty_ttl_ms, rpm_ttl_ms, store, local_role, limits, tools, journal, tls, " +
  "rig, sensor, derived, shelf, board, alert, delivery, profile, client, plant";

/** The files. */
export const BAD_TOML: readonly BadToml[] = [
  {
    name: "not TOML",
    text: `port = 
SMALL`,
    problems: ["x.toml:1: syntax: found invalid value in column 8, allowed TOML 1.0"],
  },
  {
    name: "a key twice",
    text: `port = 1
port = 2SMALL`,
    problems: [
      "x.toml:2: syntax: found trying to redefine an already defined table or value in column 1, allowed TOML 1.0",
    ],
  },
  {
    name: "a number that no computer has",
    text: "port = 99999999999999999999SMALL",
    problems: [
      "x.toml:1: syntax: found integer value cannot be represented losslessly in column 8, allowed TOML 1.0",
    ],
  },
  {
    name: "an empty file",
    text: "",
    problems: ["x.toml:1: shelf: found nothing, allowed at least one table [[shelf]]"],
  },
  {
    name: "nothing but comments",
    text: `# nothing

# here`,
    problems: ["x.toml:1: shelf: found nothing, allowed at least one table [[shelf]]"],
  },
  {
    name: "an unknown key at the top",
    text: `
prot = 1SMALL`,
    problems: [
      `x.toml:2: prot: found an unknown key, allowed ${TOP_KEYS}; did you mean "port"?`,
    ],
  },
  {
    name: "an unknown table",
    text: `SMALL[limit]
clients = 1
`,
    problems: [
      `x.toml:12: limit: found an unknown key, allowed ${TOP_KEYS}; did you mean "limits"?`,
    ],
  },
  {
    name: "keys that JavaScript knows",
    text: `__proto__ = 1
constructor = 2
toString = 3SMALL`,
    problems: [
      `x.toml:1: __proto__: found an unknown key, allowed ${TOP_KEYS}`,
      `x.toml:2: constructor: found an unknown key, allowed ${TOP_KEYS}`,
      `x.toml:3: toString: found an unknown key, allowed ${TOP_KEYS}`,
    ],
  },
  {
    name: "a port out of range",
    text: "port = 65536SMALL",
    problems: ["x.toml:1: port: found 65536, allowed a whole number from 0 to 65535"],
  },
  {
    name: "a port that is a text",
    text: 'port = "9999"SMALL',
    problems: ['x.toml:1: port: found "9999", allowed a whole number from 0 to 65535'],
  },
  {
    name: "a port that is not whole",
    text: "port = 99.5SMALL",
    problems: ["x.toml:1: port: found 99.5, allowed a whole number from 0 to 65535"],
  },
  {
    name: "an address that is empty",
    text: 'address = ""SMALL',
    problems: ['x.toml:1: address: found "", allowed a text that is not empty'],
  },
  {
    name: "a unix socket that is no path from the root",
    text: `unix = "fand.sock"SMALL`,
    problems: [
      'x.toml:1: unix: found "fand.sock", allowed "none", or a path from the root of at most 107 bytes',
    ],
  },
  {
    name: "TLS without a key and with words that it does not know",
    text: `SMALL
[tls]
cert = "server.pem"
revoked = "revoked.pem"
client_certificate = "none"
handshake_ms = 0`,
    problems: [
      "x.toml:13: tls.key: found nothing, allowed a text that is not empty",
      'x.toml:16: tls.client_certificate: found "none", allowed "required", "optional"',
      "x.toml:17: tls.handshake_ms: found 0, allowed a whole number from 100 to 60000 ms",
    ],
  },
  {
    name: "revoked certificates of nobody",
    text: `SMALL
[tls]
cert = "server.pem"
key = "server.key"
revoked = "revoked.pem"`,
    problems: [
      "x.toml:16: tls.revoked: found no client_ca, allowed it only beside client_ca",
    ],
  },
  {
    name: "a date, infinity and not-a-number",
    text: `tick_ms = inf
heartbeat_ms = 2030-01-01
duty_ttl_ms = nanSMALL`,
    problems: [
      "x.toml:1: tick_ms: found Infinity, allowed a whole number from 100 to 60000 ms",
      "x.toml:2: heartbeat_ms: found a date, allowed a whole number from 100 to 60000 ms",
      "x.toml:3: duty_ttl_ms: found NaN, allowed a whole number from 200 to 60000 ms",
    ],
  },
  {
    name: "times to live below two beats",
    text: `tick_ms = 2000
heartbeat_ms = 3000
rpm_ttl_ms = 5999SMALL`,
    problems: [
      "x.toml:1: duty_ttl_ms: found 5000, allowed at least twice tick_ms (2000) and heartbeat_ms (3000), so 6000 ms or more",
      "x.toml:3: rpm_ttl_ms: found 5999, allowed at least twice tick_ms (2000) and heartbeat_ms (3000), so 6000 ms or more",
    ],
  },
  {
    name: "limits out of range",
    text: `SMALL[limits]
clients = 0
clientz = 1
page = 101
`,
    problems: [
      "x.toml:13: limits.clients: found 0, allowed a whole number from 1 to 100000",
      'x.toml:14: limits.clientz: found an unknown key, allowed clients, clients_per_address, frame_bytes, depth, items, output_bytes, frames_per_s, bytes_per_s, outstanding, subscriptions, idle_ms, frame_ms, write_ms, page, name_bytes, shelves, sensors; did you mean "clients"?',
      "x.toml:15: limits.page: found 101, allowed a whole number from 1 to 100",
    ],
  },
  {
    name: "limits that are no table",
    text: "limits = 3SMALL",
    problems: ["x.toml:1: limits: found 3, allowed a table"],
  },
  {
    name: "a name longer than limits.name_bytes",
    text: `SMALL[limits]
name_bytes = 8
[[sensor]]
name = 'äöüäö'
type = 'cpu'
`,
    problems: [
      "x.toml:15: sensor[1].name: found a name of 10 bytes, allowed at most 8 (limits.name_bytes)",
    ],
  },
  {
    name: "more sensors than limits.sensors",
    text: `SMALL[[sensor]]
name = 'two'
type = 'cpu'
[limits]
sensors = 1
`,
    problems: ["x.toml:2: sensor: found 2 of them, allowed at most 1"],
  },
  {
    name: "names that spoil a log",
    text: `SMALL[[sensor]]
name = "a\\nb"
type = "cpu"
[[sensor]]
name = " c"
type = "cpu"
`,
    problems: [
      'x.toml:13: sensor[1].name: found "a\\nb", allowed a name without control characters and without blanks at its ends',
      'x.toml:16: sensor[2].name: found " c", allowed a name without control characters and without blanks at its ends',
    ],
  },
  {
    name: "[sensor] for [[sensor]]",
    text: `[sensor]
name = "cpu"
type = "cpu"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
`,
    problems: [
      "x.toml:1: sensor: found a table, allowed tables [[sensor]]",
      'x.toml:8: shelf[0].cause[0].sensors[0]: found "cpu", allowed a sensor of this file, which has none',
    ],
  },
  {
    name: "a sensor without a type",
    text: `[[sensor]]
name = "cpu"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
`,
    problems: [
      'x.toml:1: sensor[0].type: found nothing, allowed "hwmon", "cpu", "drivetemp", "smart", "nvidia", "amdgpu", "ipmi", "file", "command", "http", "pushed", "board", "simulated"',
    ],
  },
  {
    name: "a sensor of an unknown type",
    text: `[[sensor]]
name = "cpu"
type = "hwmom"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
`,
    problems: [
      'x.toml:3: sensor[0].type: found "hwmom", allowed "hwmon", "cpu", "drivetemp", "smart", "nvidia", "amdgpu", "ipmi", "file", "command", "http", "pushed", "board", "simulated"; did you mean "hwmon"?',
    ],
  },
  {
    name: "a sensor without a name",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[sensor]]
type = "cpu"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
`,
    problems: ["x.toml:4: sensor[1].name: found nothing, allowed a text that is not empty"],
  },
  {
    name: "two sensors of one name",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[sensor]]
name = "cpu"
type = "cpu"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
`,
    problems: [
      'x.toml:5: sensor[1].name: found "cpu" again, allowed a name that no other sensor has',
    ],
  },
  {
    name: "a key of another type of sensor",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
path = "/x"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
`,
    problems: [
      "x.toml:4: sensor[0].path: found an unknown key, allowed name, type, kind, interval_ms, timeout_ms, misses, min_c, max_c, failsafe_percent, critical_c, required, " +
      "failsafe, failsafe_hold_ms, recover_readings, bogus_c, power_on_c, slope_c_per_s, " +
      "stuck_ms, stuck_moved_c, stuck_with, siblings, sibling_max_c, sibling_ms",
    ],
  },
  {
    name: "a hwmon sensor that says nothing",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[sensor]]
name = "x"
type = "hwmon"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
`,
    problems: [
      "x.toml:4: sensor[1]: found none of chip, label, device, allowed one of them or more",
    ],
  },
  {
    name: "sources that lack their keys",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[sensor]]
name = "f"
type = "file"
[[sensor]]
name = "c"
type = "command"
argv = []
[[sensor]]
name = "d"
type = "smart"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
`,
    problems: [
      "x.toml:4: sensor[1].path: found nothing, allowed a text that is not empty",
      "x.toml:10: sensor[2].argv: found an empty array, allowed an array of at least one text, none of them empty",
      'x.toml:11: sensor[3].kind: found nothing, allowed "hdd", "ssd"',
    ],
  },
  {
    name: "a drive that nothing identifies",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[sensor]]
name = "d"
type = "smart"
kind = "hdd"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
`,
    problems: ["x.toml:4: sensor[1]: found none of serial, device, allowed one of them or more"],
  },
  {
    name: "a critical temperature that is never believed",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
critical_c = 125
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
`,
    problems: [
      "x.toml:4: sensor[0].critical_c: found 125 °C, allowed a temperature between min_c (-20 °C) and max_c (125 °C): beyond them a reading is not believed",
    ],
  },
  {
    name: "a range upside down",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
min_c = 90
max_c = 10
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
`,
    problems: ["x.toml:5: sensor[0].max_c: found 10 °C, allowed a temperature above min_c (90 °C)"],
  },
  {
    name: "a reading held for longer than an hour",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
interval_ms = 600000
misses = 6
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
`,
    problems: [
      "x.toml:4: sensor[0].interval_ms: found a reading that is used for 4201000 ms, allowed at most 3600000 ms for interval_ms * (misses + 1) + timeout_ms",
    ],
  },
  {
    name: "a plant that is not there",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[sensor]]
name = "s"
type = "simulated"
plant = "nsa"
source = "cpu"
[plant.nas]
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
`,
    problems: [
      'x.toml:7: sensor[1].plant: found "nsa", allowed a plant of this file: "nas"; did you mean "nas"?',
    ],
  },
  {
    name: "a source that its plant has not",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[sensor]]
name = "s"
type = "simulated"
plant = "nas"
source = "gpu"
[plant.nas]
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
`,
    problems: [
      'x.toml:8: sensor[1].source: found "gpu", allowed a source of plant "nas": "cpu", "hdd"',
    ],
  },
  {
    name: "a plant with bad sources",
    text: `SMALL[plant.lab]
seed = -1
[[plant.lab.source]]
name = 'a'
load = 2
idle_w = 1
full_w = 2
[[plant.lab.source]]
name = 'b'
load = [[0, 0], [5, 1], [5, 0]]
idle_w = 3
full_w = 2
[[plant.lab.source]]
name = 'b'
load = 0
idle_w = 1
full_w = 1
`,
    problems: [
      "x.toml:13: plant.lab.seed: found -1, allowed a whole number from 0 to 4294967295",
      "x.toml:16: plant.lab.source[0].load: found 2, allowed a load from 0 to 1, or at least two points [second from 0 to 86400, load from 0 to 1]",
      "x.toml:21: plant.lab.source[1].load[2]: found second 5 after 5, allowed seconds that rise",
      "x.toml:23: plant.lab.source[1].full_w: found 2 W, allowed at least idle_w (3 W)",
      'x.toml:25: plant.lab.source[2].name: found "b" again, allowed a name that no other source of this plant has',
    ],
  },
  {
    name: "a plant that is no table",
    text: `SMALL[plant]
lab = 1
`,
    problems: ["x.toml:13: plant.lab: found 1, allowed a table"],
  },
  {
    name: "no shelf",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
`,
    problems: ["x.toml:1: shelf: found nothing, allowed at least one table [[shelf]]"],
  },
  {
    name: "a shelf without a cause",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[shelf]]
name = "s"
`,
    problems: [
      "x.toml:4: shelf[0].cause: found nothing, allowed at least one table [[shelf.cause]]",
    ],
  },
  {
    name: "a shelf with an empty list of causes",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[shelf]]
name = "s"
cause = []
`,
    problems: [
      "x.toml:6: shelf[0].cause: found an empty array, allowed at least one table [[shelf.cause]]",
    ],
  },
  {
    name: "two shelves of one name",
    text: `SMALL[[shelf]]
name = "shelf1"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
`,
    problems: [
      'x.toml:13: shelf[1].name: found "shelf1" again, allowed a name that no other shelf has',
    ],
  },
  {
    name: "two causes of one name",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
`,
    problems: [
      'x.toml:11: shelf[0].cause[1].name: found "c" again, allowed a name that no other cause of this shelf has',
    ],
  },
  {
    name: "a cause with an unknown sensor",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu",
  "gpu"]
curve = [[40, 25]]
`,
    problems: [
      'x.toml:9: shelf[0].cause[0].sensors[1]: found "gpu", allowed a sensor of this file: "cpu"; did you mean "cpu"?',
    ],
  },
  {
    name: "a cause without sensors and without a curve",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = []
`,
    problems: [
      "x.toml:6: shelf[0].cause[0].curve: found nothing, allowed an array of 1 to 64 points [°C, %]",
      "x.toml:8: shelf[0].cause[0].sensors: found an empty array, allowed an array of at least one text, none of them empty",
    ],
  },
  {
    name: "an empty curve",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = []
`,
    problems: [
      "x.toml:9: shelf[0].cause[0].curve: found an empty array, allowed an array of 1 to 64 points [°C, %]",
    ],
  },
  {
    name: "a curve that is not sorted",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [
  [40, 25],
  [60, 50],
  [50, 60],
]
`,
    problems: [
      "x.toml:12: shelf[0].cause[0].curve[2]: found [50, 60] after 60 °C and 50 %, allowed temperatures that rise from point to point",
    ],
  },
  {
    name: "a curve that falls",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 50], [60, 25]]
`,
    problems: [
      "x.toml:9: shelf[0].cause[0].curve[1]: found [60, 25] after 40 °C and 50 %, allowed percentages that do not fall as it gets hotter",
    ],
  },
  {
    name: "points that are none",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 101], [50], "x", [60, 50, 1]]
`,
    problems: [
      "x.toml:9: shelf[0].cause[0].curve[0]: found [40, 101], allowed [temperature from -100 to 300 °C, percent from 0 to 100]",
      "x.toml:9: shelf[0].cause[0].curve[1]: found [50], allowed [temperature from -100 to 300 °C, percent from 0 to 100]",
      'x.toml:9: shelf[0].cause[0].curve[2]: found "x", allowed [temperature from -100 to 300 °C, percent from 0 to 100]',
      "x.toml:9: shelf[0].cause[0].curve[3]: found [60, 50, 1], allowed [temperature from -100 to 300 °C, percent from 0 to 100]",
    ],
  },
  {
    name: "an unknown shape",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
shape = "linaer"
curve = [[40, 25]]
`,
    problems: [
      'x.toml:9: shelf[0].cause[0].shape: found "linaer", allowed "linear", "step", "cubic", "pid", "target"; did you mean "linear"?',
    ],
  },
  {
    name: "a floor above everything",
    text: `[[sensor]]
name = "cpu"
type = "cpu"
[[shelf]]
name = "s"
floor_percent = 120
[[shelf.cause]]
name = "c"
sensors = ["cpu"]
curve = [[40, 25]]
`,
    problems: ["x.toml:6: shelf[0].floor_percent: found 120, allowed a number from 0 to 100 %"],
  },
  {
    name: "a board without channels",
    text: `SMALL[[board]]
name = 'b'
channels = {}
[[board]]
name = 'c'
`,
    problems: [
      "x.toml:14: board[0].channels: found no channel, allowed at least one shelf with a channel",
      "x.toml:15: board[1].channels: found nothing, allowed a table { SHELF = [CHANNEL, …], … }",
    ],
  },
  {
    name: "a board on an unknown line",
    text: `SMALL[[board]]
name = 'b'
line = 'simm:'
channels = { shelf1 = [0] }
`,
    problems: [
      'x.toml:14: board[0].line: found "simm:", allowed a line: "sim:" or "sim:SEED", "tty:usb-VID:PID:SERIAL", "tty:/dev/…" or "/dev/…", "tcp://HOST:PORT", "hwmon:CHIP"',
    ],
  },
  {
    name: "a channel that is used twice",
    text: `SMALL[[board]]
name = 'b'
[board.channels]
shelf1 = [0, 1, 0]
`,
    problems: [
      'x.toml:15: board[0].channels.shelf1[2]: found channel 0, which shelf "shelf1" has, allowed each channel of a board once',
    ],
  },
  {
    name: "channels that are none",
    text: `SMALL[[board]]
name = 'b'
[board.channels]
shelf1 = [16, -1, 1.5]
`,
    problems: [
      "x.toml:15: board[0].channels.shelf1[0]: found 16, allowed a whole number from 0 to 15",
      "x.toml:15: board[0].channels.shelf1[1]: found -1, allowed a whole number from 0 to 15",
      "x.toml:15: board[0].channels.shelf1[2]: found 1.5, allowed a whole number from 0 to 15",
    ],
  },
  {
    name: "a channel that is no array",
    text: `SMALL[[board]]
name = 'b'
[board.channels]
shelf1 = 0
`,
    problems: [
      "x.toml:15: board[0].channels.shelf1: found 0, allowed an array of at least one channel",
    ],
  },
  {
    name: "a channel of an unknown shelf",
    text: `SMALL[[board]]
name = 'b'
[board.channels]
shelf2 = [0]
`,
    problems: [
      'x.toml:15: board[0].channels.shelf2: found "shelf2", allowed a shelf of this file: "shelf1"; did you mean "shelf1"?',
    ],
  },
  {
    name: "many problems at once, in the order of the file",
    text: `port = -1
SMALL[[board]]
name = 'b'
channels = 1
[limits]
clients = 'x'
[[shelf]]
name = 'z'
`,
    problems: [
      "x.toml:1: port: found -1, allowed a whole number from 0 to 65535",
      "x.toml:15: board[0].channels: found 1, allowed a table { SHELF = [CHANNEL, …], … }",
      'x.toml:17: limits.clients: found "x", allowed a whole number from 1 to 100000',
      "x.toml:18: shelf[1].cause: found nothing, allowed at least one table [[shelf.cause]]",
    ],
  },
  {
    name: "alerts without a condition, with two, and with an unknown sensor",
    text: `SMALL[[alert]]
name = "none"
[[alert]]
name = "two"
sensors = ["cpu"]
findings = ["any"]
[[alert]]
name = "whose"
sensors = ["cup"]
above_c = 80
[[alert]]
name = "no limit"
sensors = ["cpu"]
[[alert]]
name = "upside down"
sensors = ["cpu"]
above_c = 50
below_c = 60
[[alert]]
name = "no reason to stop"
findings = ["any"]
shutdown = ["poweroff"]
[[alert]]
name = "nobody"
findings = ["any"]
deliver = ["mial"]
[[delivery]]
name = "mail"
type = "webhook"
url = "mailto:me"
[[delivery]]
name = "other"
type = "comand"
[[alert]]
name = "what"
findings = ["stal"]
`,
    problems: [
      'x.toml:12: alert[0]: found no condition, allowed one of "sensors", "duty_above_percent" or "findings"',
      'x.toml:14: alert[1]: found "sensors" and "findings", allowed one of "sensors", "duty_above_percent" or "findings"',
      'x.toml:20: alert[2].sensors[0]: found "cup", allowed a sensor of this file: "cpu"; did you mean "cpu"?',
      'x.toml:24: alert[3].sensors: found no limit, allowed "above_c", "below_c" or both',
      'x.toml:29: alert[4].below_c: found 60, allowed less than "above_c", 50',
      'x.toml:33: alert[5].shutdown: found an alert that is not critical, allowed severity = "critical"',
      'x.toml:37: alert[6].deliver[0]: found "mial", allowed a delivery of this file: "mail", "other", "log"; did you mean "mail"?',
      'x.toml:41: delivery[0].url: found "mailto:me", allowed a URL that begins with http:// or https://',
      'x.toml:44: delivery[1].type: found "comand", allowed "log", "command", "webhook"; did you mean "command"?',
      'x.toml:47: alert[7].findings[0]: found "stal", allowed "any", "missing", "timeout", "range", "slope", "stuck", "disagree", "stall", "implausible", "no board", "wear", "dust", "no effect", "detached", "critical", "failsafe", "override"; did you mean "stall"?',
    ],
  },
  {
    name: "a rig that listens nowhere, to nobody, with a profile that is not there",
    text: `SMALL[rig]
listen = "http://127.0.0.1:80"
peers = ["nas"]
max_ms = 10`,
    problems: [
      'x.toml:13: rig.listen: found "http://127.0.0.1:80", allowed udp://, tcp:// or ws:// with an IP address and a port',
      'x.toml:14: rig.peers: found ["nas"], allowed an array of 1 to 64 addresses, such as 192.0.2.1',
      "x.toml:15: rig.max_ms: found 10, allowed a whole number from 1000 to 604800000 ms",
    ],
  },
  {
    name: "a rig for longer than its profile may last",
    text: `SMALL[[profile]]
name = "quiet"
percent = 30
max_ms = 60000
[rig]
listen = "udp://127.0.0.1:11001"
max_ms = 60001`,
    problems: [
      'x.toml:18: rig.max_ms: found 60001, allowed at most max_ms of profile "quiet", 60000',
    ],
  },
  {
    name: "a rig without a profile",
    text: `SMALL[rig]
listen = "udp://127.0.0.1:11001"`,
    problems: [
      'x.toml:12: rig.profile: found "quiet", allowed a [[profile]] that is there',
    ],
  },
  {
    name: "profiles that change nothing, too much, or at no time",
    text: `SMALL[[profile]]
name = "nothing"
[[profile]]
name = "both"
percent = 30
max_percent = 40
[[profile]]
name = "when"
percent = 30
from = "0 25 * * *"
for_ms = 1000
[[profile]]
name = "where"
percent = 30
from = "0 22 * * *"
for_ms = 1000
time_zone = "Mars/Olympus"
shelves = ["shelf9"]
[[profile]]
name = "how long"
percent = 30
from = "@daily"
[[profile]]
name = "seconds"
min_percent = 50
max_percent = 40
from = "0 0 22 * * *"
for_ms = 1000
`,
    problems: [
      'x.toml:12: profile[0]: found nothing that it changes, allowed "percent", or one of "add_percent", "min_percent" and "max_percent"',
      'x.toml:14: profile[1]: found "percent" and what bends the curves, allowed "percent", or one of "add_percent", "min_percent" and "max_percent"',
      'x.toml:21: profile[2].from: found "0 25 * * *" (Invalid value for hour: 25), allowed five fields as cron has them, such as 0 22 * * 1-5',
      'x.toml:28: profile[3].time_zone: found "Mars/Olympus", allowed an IANA time zone, such as Europe/Berlin or UTC',
      'x.toml:29: profile[3].shelves[0]: found "shelf9", allowed a shelf of this file: "shelf1"; did you mean "shelf1"?',
      'x.toml:30: profile[4].for_ms: found nothing, allowed "from" and "for_ms" together',
      "x.toml:36: profile[5].min_percent: found 50, allowed at most max_percent, 40",
      `x.toml:38: profile[5].from: found "0 0 22 * * *" (mode '5-part' requires exactly 5 parts, but pattern '0 0 22 * * *' has 6 parts), allowed five fields as cron has them, such as 0 22 * * 1-5`,
    ],
  },
];
