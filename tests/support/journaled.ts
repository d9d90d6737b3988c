/** A server on a virtual clock that keeps a real journal, in a real worker. */

import type { DatabaseSync } from "node:sqlite";
import { DEFAULT_JOURNAL, type JournalConfig } from "../../src/config/journal_config.ts";
import { Journal } from "../../src/server/journal/journal.ts";
import type { HistoryPage } from "../../src/server/journal/history_query.ts";
import { openJournal } from "../../src/replay/open_journal.ts";
import { RecordedLog } from "./recorded_log.ts";
import { type Client, TestServer } from "./serve.ts";
import { type TempDir, tempDir } from "./temp_dir.ts";
import { until } from "./until.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** One shelf `nas`, whose duty in percent is its temperature in °C. */
export class Journaled implements AsyncDisposable {
  readonly log: RecordedLog;
  readonly clock: VirtualClock;
  readonly folder: TempDir;
  readonly journal: Journal;
  readonly served: TestServer;

  private constructor(parts: Pick<Journaled, "log" | "clock" | "folder" | "journal">) {
    this.log = parts.log;
    this.clock = parts.clock;
    this.folder = parts.folder;
    this.journal = parts.journal;
    this.served = new TestServer({ ...parts, log: parts.log, tempsC: { nas: 40 } });
  }

  /** @param prepare puts a file in the place of the journal first. */
  static async start(
    config: Partial<JournalConfig> = {},
    prepare: (path: string) => void | Promise<void> = () => {},
  ): Promise<Journaled> {
    const folder = await tempDir();
    const path = folder.join("journal.db");
    await prepare(path);
    const log = new RecordedLog();
    const clock = new VirtualClock();
    const journal = Journal.start({ ...DEFAULT_JOURNAL, path, ...config }, {
      log,
      wallMs: () => clock.wallMs(),
      source: () => "a test",
    });
    if (journal === null) throw new Error("The journal's worker may not be loaded");
    return new Journaled({ log, clock, folder, journal });
  }

  /** The file of the journal. */
  get path(): string {
    return this.folder.join("journal.db");
  }

  /** A client of the server. */
  async connect(): Promise<Client> {
    return await this.served.connect();
  }

  /** So many seconds pass, at each of which the sensor reads `tempC`. */
  async pass(seconds: number, tempC: number): Promise<void> {
    this.served.tempsC.set("nas", tempC);
    for (let second = 0; second < seconds; second++) await this.clock.advance(1000);
  }

  /** Everything that happened until now is in the file, or given up. */
  async settled(): Promise<void> {
    const { kept, lost } = this.journal.counters;
    await this.history(1).catch(() => {});
    await until(
      () => this.journal.counters.kept + this.journal.counters.lost > kept + lost,
      "the journal has done its work",
    );
  }

  /** What the journal knows of the last seconds. */
  async history(seconds: number, stepMs = 1000): Promise<HistoryPage> {
    const toMs = this.clock.wallMs() + 1000;
    return await this.journal.ask({
      about: "history",
      query: {
        shelf: "nas",
        sensors: ["nas"],
        fromMs: toMs - (seconds + 1) * 1000,
        toMs,
        stepMs,
        most: 10_000,
      },
    });
  }

  /** The file, opened by somebody else. */
  open(): DatabaseSync {
    return openJournal(this.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.served[Symbol.asyncDispose]();
    await this.journal[Symbol.asyncDispose]();
    await this.folder[Symbol.asyncDispose]();
  }
}
